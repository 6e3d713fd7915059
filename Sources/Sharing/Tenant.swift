import DeliveryRules
import Evidence

/// A recipient that fetches.
package struct Tenant: Sendable {
  /// Name of the recipient; its user name and API key.
  package let name: String
  /// Its secret: password, bearer token, or key of message codes.
  let token: [UInt8]
  /// Whether it has a collection of TAXII.
  package let hasTAXII: Bool
  /// Whether reports wait for it.
  package let hasReports: Bool

  /// Makes a tenant.
  package init(name: String, token: [UInt8], hasTAXII: Bool, hasReports: Bool) {
    self.name = name
    self.token = token
    self.hasTAXII = hasTAXII
    self.hasReports = hasReports
  }
}

/// Finds out who asks.
struct TenantList: Sendable {
  let tenants: [Tenant]

  /// Who an `Authorization` field belongs to (RFC 7617, RFC 6750); nil if nobody.
  func authorized(_ field: String?) -> Tenant? {
    let words = (field ?? "").split(separator: " ", maxSplits: 1)
    guard words.count == 2 else { return nil }
    switch words[0].lowercased() {
    case "bearer": return withToken(Array(words[1].utf8))
    case "basic":
      guard let octets = Base64Text.decode(words[1]),
        let colon = octets.firstIndex(of: UInt8(ascii: ":"))
      else { return nil }
      let name = String(decoding: octets[..<colon], as: UTF8.self)
      guard let tenant = withToken(Array(octets[(colon + 1)...])), tenant.name == name else {
        return nil
      }
      return tenant
    default: return nil
    }
  }

  /// Who signed a body (the field `HMAC2`: hexadecimal digits of HMAC-SHA256); nil if nobody.
  func signer(key name: String, code: String?, body: [UInt8]) -> Tenant? {
    guard let code, let tenant = tenants.first(where: { $0.name == name }) else { return nil }
    let right = MessageCode.hexadecimal(MessageCode.hmacSHA256(key: tenant.token, body))
    return MessageCode.areEqual(Array(right.utf8), Array(code.lowercased().utf8)) ? tenant : nil
  }

  /// All are compared, so that the time tells nothing of who is right.
  private func withToken(_ token: [UInt8]) -> Tenant? {
    var found: Tenant?
    for tenant in tenants where MessageCode.areEqual(tenant.token, token) { found = tenant }
    return found
  }
}
