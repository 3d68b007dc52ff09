import InterlockCore
import InterlockCrypto

extension CheckpointRecord {
  /// Makes the digest anew, after a change.
  package mutating func seal() {
    digest = .checksum(checksum)
  }

  /// Whether the record is what was stored.
  package var isIntact: Bool {
    switch digest {
    case .checksum(let stored): stored == checksum
    case .blake2b(let stored): stored == oldDigest
    }
  }

  private var checksum: Checksum {
    var sum = Checksum()
    sum.add(id.utf8)
    sum.add(parent?.utf8 ?? [])
    sum.add(type.utf8)
    sum.add(run?.utf8 ?? [])
    sum.add(metadata)
    sum.add(versionCode)
    sum.add(carriedCode)
    sum.add(body)
    return sum
  }

  private var oldDigest: Digest {
    var writer = ByteWriter()
    for part in [id.utf8, parent?.utf8 ?? [], type.utf8, run?.utf8 ?? [], metadata] {
      writer.counted(part)
    }
    for part in [versionCode, carriedCode, body] { writer.append(part) }
    return writer.bytes.withUnsafeBytes { Digest(of: $0) }
  }
}
