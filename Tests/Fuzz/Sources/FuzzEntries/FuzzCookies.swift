import Addressing
import ClientIdentity

/// A file of cookie secrets, and a cookie judged with them: nobody can guess one.
func fuzzCookies(_ octets: [UInt8]) {
  switch CookieSecrets.read(String(decoding: octets, as: UTF8.self)) {
  case .success(let secrets):
    precondition((1...CookieSecrets.most).contains(secrets.secrets.count), "number of secrets")
    checkCookies(secrets)
  case .failure(let fault): checkOneLine(fault.description)
  }
}

private func checkCookies(_ secrets: CookieSecrets) {
  for address in [IPAddress(ipv4: 1), IPAddress(high: 1, low: 2)] {
    for (index, secret) in secrets.secrets.enumerated() {
      let cookie = ServerCookie.make(client: 7, address: address, at: 1000, secret: secret)
      let standing = cookie.standing(client: 7, address: address, at: 1001, secrets: secrets)
      precondition(standing != .unknown, "secret \(index) is not accepted")
      var forged = cookie
      forged.hash ^= 1
      precondition(
        forged.standing(client: 7, address: address, at: 1001, secrets: secrets) == .unknown,
        "a forged cookie is good")
    }
  }
}
