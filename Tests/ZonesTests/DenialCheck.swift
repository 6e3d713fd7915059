import DNSWire
import Zones

/// Checks that the NSEC records of a negative answer prove it (RFC 4035 §5.4), independently of how
/// they were chosen.
enum DenialCheck {
  /// What is not proved; nil when all is, or the answer is not one that NSEC records prove.
  static func fault(in reply: Reply) -> String? {
    let message = reply.message
    let proofs = message.authorities.compactMap { record -> Proof? in
      guard case .nsec(let data) = record.rdata else { return nil }
      return Proof(owner: record.owner, next: data.next)
    }
    guard !proofs.isEmpty, !reply.answer.truncated, let question = message.questions.first else {
      return nil
    }
    let name = finalName(question.name, message.answers)
    switch reply.answer.kind {
    case .nameError:
      guard let cover = proofs.first(where: { $0.covers(name) }) else {
        return "\(name) is not covered"
      }
      let wildcard = [1, UInt8(ascii: "*")] + cover.closestEncloser(of: name)
      guard let wildcardName = try? Name(wire: wildcard) else { return nil }
      return proofs.contains { $0.covers(wildcardName) } ? nil : "\(wildcardName) is not covered"
    case .noData:
      let isProved = proofs.contains { $0.owner == name || $0.covers(name) }
      return isProved ? nil : "\(name) is neither matched nor covered"
    default: return nil
    }
  }

  /// The name at the end of the aliases.
  private static func finalName(_ start: Name, _ answers: [ResourceRecord]) -> Name {
    var name = start
    for _ in answers.indices {
      let alias = answers.first { $0.type == .cname && $0.owner == name }
      guard case .cname(let target)? = alias?.rdata else { break }
      name = target
    }
    return name
  }

  /// An NSEC record's span.
  private struct Proof {
    var owner: Name
    var next: Name

    func covers(_ name: Name) -> Bool {
      let afterOwner = precedes(owner, name)
      // The last record of the chain points back to the apex.
      return afterOwner && (precedes(name, next) || !precedes(owner, next))
    }

    /// The longest ancestor of `name` that this record shows to exist.
    func closestEncloser(of name: Name) -> [UInt8] {
      for start in name.labelOffsets.dropFirst() {
        let suffix = Array(name.wire[start...])
        guard let ancestor = try? Name(wire: suffix) else { continue }
        if owner.isEqualOrBelow(ancestor) || next.isEqualOrBelow(ancestor) { return suffix }
      }
      return [0]
    }

    private func precedes(_ left: Name, _ right: Name) -> Bool {
      let leftLabels = labels(left)
      let rightLabels = labels(right)
      for (one, other) in zip(leftLabels, rightLabels) where one != other {
        return one.lexicographicallyPrecedes(other)
      }
      return leftLabels.count < rightLabels.count
    }

    /// Canonical labels from the right, without their lengths.
    private func labels(_ name: Name) -> [[UInt8]] {
      let wire = name.canonical
      return name.labelOffsets.reversed().map { Array(wire[($0 + 1)...($0 + Int(wire[$0]))]) }
    }
  }
}
