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
    let checksum = Self.checksum(type: type, manifest: manifest, inline: inline)
    return StoredBody(size: size, manifest: manifest, inline: inline, digest: .checksum(checksum))
  }

  package func isIntact(type: Text?) -> Bool {
    switch digest {
    case .checksum(let stored):
      stored == Self.checksum(type: type, manifest: manifest, inline: inline)
    case .blake2b(let stored):
      stored == oldDigest(type: type)
    }
  }

  private static func checksum(
    type: Text?, manifest: ManifestRecord?, inline: [UInt8]
  ) -> Checksum {
    var sum = Checksum()
    sum.add(type?.utf8 ?? [])
    sum.add(manifest?.code ?? [])
    sum.add(inline)
    return sum
  }

  private func oldDigest(type: Text?) -> Digest {
    ((type?.utf8 ?? []) + (manifest?.code ?? []) + inline).withUnsafeBytes { Digest(of: $0) }
  }
}
