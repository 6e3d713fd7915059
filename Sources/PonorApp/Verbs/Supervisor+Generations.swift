import ControlPlane
import DGAKit
import DomainIndex
import Evidence
import Logging

/// What this process has built.
struct BuildRecord {
  /// Builds that succeeded.
  var done = 0
  /// Builds that failed.
  var failed = 0
  /// How long the last one took, seconds.
  var seconds: Double?
  /// The generation an operator put back, nil once another has been built.
  var held: UInt64?

  mutating func succeeded(after time: Duration) {
    done += 1
    seconds = time / .seconds(1)
    held = nil
  }
}

/// Generations of the index as an operator handles them.
extension Supervisor {
  /// Whether an index has to be replaced; one that was put back stays as long as its names cover
  /// the present, else the next check would undo what the operator did.
  func isDue(_ index: DomainIndex, _ schedule: IndexSchedule) -> Bool {
    guard builds.held == index.generation else {
      return schedule.isDue(windowEnd: index.windowTo, at: now())
    }
    return index.windowTo <= now().unixSeconds
  }

  /// Puts the generation before the one in force into force, until the next rebuild.
  func rollBack() async -> VerbResult {
    guard let current = index else { return VerbResult(errors: ["there is no index in force"]) }
    guard !isBuilding else {
      return VerbResult(errors: ["an index is being built: try again when it is done"])
    }
    var skipped: [String] = []
    for generation in files.generations where generation < current.generation {
      do throws(IndexError) {
        let former = try DomainIndex(path: files.path(of: generation))
        index = former
        builds.held = generation
        provenance.adopt(former)
        publish()
        await updateRPZOut()
        logger.notice("generation \(generation) put back in place of \(current.generation)")
        return VerbResult(
          done: skipped + [
            "generation \(generation) is in force in place of \(current.generation), "
              + "until the next rebuild"
          ])
      } catch {
        skipped.append("generation \(generation) left out: \(error)")
      }
    }
    return VerbResult(
      errors: skipped + [
        "there is no generation before \(current.generation): index.keep_generations says how "
          + "many are kept"
      ])
  }

  /// The generations there are, newest first.
  func generations() -> [GenerationEntry] {
    files.generations.map { generation in
      let name = String(generation)
      do throws(IndexError) {
        let index = try DomainIndex(path: files.path(of: generation))
        return GenerationEntry(
          generation: name, built: UTCTime.rfc3339(seconds: index.builtAt),
          names: index.nameCount, windowTo: UTCTime.rfc3339(seconds: index.windowTo),
          isInForce: self.index?.generation == generation)
      } catch {
        return GenerationEntry(
          generation: name, built: "", names: 0, windowTo: "", isInForce: false,
          problem: error.description)
      }
    }
  }
}
