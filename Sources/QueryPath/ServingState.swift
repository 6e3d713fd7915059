import DomainIndex
package import Policy
package import Zones

/// Everything that decides how a query is answered, in one immutable value.
///
/// A reload or a new index makes a new one; `Published` hands it to the threads.
package final class ServingState: Sendable {
  /// The parts, as they are handed in.
  package struct Parts: Sendable {
    /// Index, actions and allow list.
    package var policy: Policy
    /// Zones served with authority.
    package var zones: ZoneSet
    /// Who may recurse.
    package var recursionAccess: AccessList
    /// Who gets sinkhole answers.
    package var sinkholeAccess: AccessList
    /// What the sinkhole answers.
    package var sinkhole: SinkholeAnswers
    /// What the server says of itself.
    package var identity: ServerIdentity
    /// Largest UDP answer, octets.
    package var udpPayload: Int
    /// Whether names are resolved for clients at all.
    package var offersRecursion: Bool

    /// Puts the parts together.
    package init(
      policy: Policy, zones: ZoneSet, recursionAccess: AccessList, sinkholeAccess: AccessList,
      sinkhole: SinkholeAnswers, identity: ServerIdentity, udpPayload: Int, offersRecursion: Bool
    ) {
      self.policy = policy
      self.zones = zones
      self.recursionAccess = recursionAccess
      self.sinkholeAccess = sinkholeAccess
      self.sinkhole = sinkhole
      self.identity = identity
      self.udpPayload = udpPayload
      self.offersRecursion = offersRecursion
    }
  }

  /// The parts.
  package let parts: Parts
  let special = SpecialNames()
  let identifier: [UInt8]
  let serial: UInt32
  let generation: UInt64

  /// Makes a state.
  package init(_ parts: Parts) {
    self.parts = parts
    identifier = parts.identity.identifierOctets
    serial = UInt32(truncatingIfNeeded: parts.policy.index?.builtAt ?? 0)
    generation = parts.policy.index?.generation ?? 0
  }
}
