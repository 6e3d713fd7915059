import DGAKit
import Testing

@Suite("MD6-256 agrees with its specification")
struct MD6Tests {
  @Test("the worked example of the report (section \"Sample MD6 computations\"): abc, 5 rounds")
  func workedExample() {
    let octets = Array("abc".utf8)
    #expect(
      hexadecimal(MD6.hash(octets.span, rounds: 5))
        == "8854c14dc284f840ed71ad7ba542855ce189633e48c797a55121a746be48cec8")
  }

  @Test(
    "messages of one node, an exactly full one included",
    arguments: [
      ("", 1, "bca38b24a804aa37d821d31af00f5598230122c5bbfc4c4ad5ed40e4258f04ca"),
      ("abc", 1, "230637d4e6845cf0d092b558e87625f03881dd53a7439da34cf3b94ed0d8b2c5"),
      (
        "The quick brown fox jumps over the lazy dog", 1,
        "977592608c45c9923340338450fdcccc21a68888e1e6350e133c5186cd9736ee"
      ),
      ("hello", 100, "bbd72e737bb097896f4f9b5a53dea69b1c57237c0051e9693556d3d7f197f32f"),
      ("a", 512, "404755fc05393be32dadac0a43ca2bf96e139f620af2186ec5d1d4acb53917d1"),
    ])
  func oneNode(text: String, times: Int, digest: String) {
    check(text, times, digest)
  }

  @Test(
    "messages of two levels and more",
    arguments: [
      ("rust", 256, "a572d547fde5cf6c97db8bf5e35eb45441908f9580dcdd16dbcf0ec2f5a291fc"),
      ("test", 500, "97d5e3fa526a95e28e58b6f0a9a3cf1e77dca2bf112b0959c736213da7c1c02d"),
      (
        "anotherstring", 1_024,
        "393b519758348347c02e1070615c1cd61efc97e5157f3a9127806126ea7c0dc9"
      ),
      ("a", 1_000_000, "2616ad6631304206654fd0e3eff756565714b7f442e49685192cae66e021deb0"),
    ])
  func tree(text: String, times: Int, digest: String) {
    check(text, times, digest)
  }

  private func check(_ text: String, _ times: Int, _ digest: String) {
    let octets = Array(String(repeating: text, count: times).utf8)
    #expect(hexadecimal(MD6.hash(octets.span)) == digest)
  }

  private func hexadecimal(_ hash: MD6) -> String {
    hash.bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }
}
