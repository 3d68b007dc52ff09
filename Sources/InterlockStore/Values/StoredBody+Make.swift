package import InterlockCore
import InterlockCrypto

extension StoredBody {
  /// Values up to this many bytes are stored inline, without chunks.
  package static let inlineLimit = 2048
  /// Writes are short-lived: only large ones, which a channel value probably repeats, are chunked.
  package static let inlineWriteLimit = 4096

  package static func inline(_ bytes: [UInt8], type: Text?) -> StoredBody {
    make(size: bytes.count, manifest: nil, inline: bytes, type: type)
  }

  package static func make(
    size: Int, manifest: ManifestRecord?, inline: [UInt8], type: Text?
  ) -> StoredBody {
    let digest = Self.digest(type: type, manifest: manifest, inline: inline)
    return StoredBody(size: size, manifest: manifest, inline: inline, digest: digest)
  }

  package func isIntact(type: Text?) -> Bool {
    Self.digest(type: type, manifest: manifest, inline: inline) == digest
  }

  private static func digest(
    type: Text?, manifest: ManifestRecord?, inline: [UInt8]
  ) -> Digest {
    (type?.utf8 ?? []).withUnsafeBytes { type in
      (manifest?.code ?? []).withUnsafeBytes { code in
        inline.withUnsafeBytes { Digest(of: type, code, $0) }
      }
    }
  }
}
