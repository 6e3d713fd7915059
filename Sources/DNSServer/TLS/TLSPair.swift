import Foundation
import NIOCore
import NIOSSL

/// A certificate chain with its key, read and found to fit each other.
struct TLSPair: Sendable {
  /// The octets of both files: equal means nothing has changed.
  struct Source: Sendable, Equatable {
    let options: TLSOptions
    let certificate: [UInt8]
    let key: [UInt8]

    /// Reads both files.
    init(_ options: TLSOptions) throws(TLSProblem) {
      self.options = options
      certificate = try Self.read(options.certificate, "server.tls.certificate")
      key = try Self.read(options.key, "server.tls.key")
    }

    private static func read(_ path: String, _ setting: String) throws(TLSProblem) -> [UInt8] {
      do {
        let handle = try FileHandle(forReadingFrom: URL(filePath: path))
        defer { try? handle.close() }
        let octets = try handle.read(upToCount: sizeLimit + 1) ?? Data()
        guard octets.count <= sizeLimit else {
          throw TLSProblem("\(setting): \(path) is larger than \(sizeLimit) octets")
        }
        return Array(octets)
      } catch let problem as TLSProblem {
        throw problem
      } catch {
        throw TLSProblem("\(setting): cannot read \(path): \(error.localizedDescription)")
      }
    }

    /// No chain comes near it; a path that leads to a device or a log must not fill the memory.
    private static let sizeLimit = 1 << 20
  }

  let source: Source
  /// For DNS over TLS: offers `dot` (RFC 7858 has no name of its own; IANA registered this one).
  let dot: NIOSSLContext
  /// For DNS over HTTPS: HTTP/2, or HTTP/1.1 for whoever has nothing newer.
  let doh: NIOSSLContext
  /// When the server's own certificate ends, seconds since 1970.
  let notAfter: Int64

  /// Makes the two contexts.
  init(_ source: Source) throws(TLSProblem) {
    self.source = source
    let paths = source.options
    let chain: [NIOSSLCertificate]
    do {
      chain = try NIOSSLCertificate.fromPEMBytes(source.certificate)
    } catch {
      throw TLSProblem("server.tls.certificate: \(paths.certificate) is no PEM certificate chain")
    }
    guard let first = chain.first else {
      throw TLSProblem("server.tls.certificate: there is no certificate in \(paths.certificate)")
    }
    let key: NIOSSLPrivateKey
    do {
      key = try NIOSSLPrivateKey(bytes: source.key, format: .pem)
    } catch {
      throw TLSProblem(
        "server.tls.key: \(paths.key) is no unencrypted private key in PEM form")
    }
    notAfter = Int64(first.notValidAfter)
    var configuration = TLSConfiguration.makeServerConfiguration(
      certificateChain: chain.map { .certificate($0) }, privateKey: .privateKey(key))
    configuration.minimumTLSVersion =
      source.options.minimumVersion == .tls13 ? .tlsv13 : .tlsv12
    configuration.cipherSuites = Self.cipherSuites
    configuration.shutdownTimeout = .milliseconds(TCPLimits.closeMilliseconds)
    do {
      dot = try Self.context(configuration, ["dot"])
      doh = try Self.context(configuration, ["h2", "http/1.1"])
    } catch {
      throw TLSProblem("server.tls: \(paths.key) is not the key of \(paths.certificate)")
    }
  }

  private static func context(
    _ configuration: TLSConfiguration, _ protocols: [String]
  ) throws -> NIOSSLContext {
    var configuration = configuration
    configuration.applicationProtocols = protocols
    return try NIOSSLContext(configuration: configuration)
  }

  /// TLS 1.2 suites: forward secrecy and authenticated encryption only (RFC 9325 §4.2).
  ///
  /// HTTP/2 forbids the others (RFC 9113 §9.2.2). Those of TLS 1.3 are not negotiable and all good.
  private static let cipherSuites = "ECDHE+AESGCM:ECDHE+CHACHA20"
}
