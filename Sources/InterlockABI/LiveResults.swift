import Glibc
import InterlockStore

enum OwnedResult: UInt8 {
  case error
  case buffer
  case page
  case history
}

/// The results that callers own now. Freeing anything else does nothing.
enum LiveResults {
  private static let live = Locked<[UInt: (kind: OwnedResult, kept: [[UInt8]])]>([:])

  /// `kept` is what the block points to, and lives as long.
  static func add(_ block: UnsafeMutableRawPointer, _ kind: OwnedResult, _ kept: [[UInt8]]) {
    let address = UInt(bitPattern: block)
    ForkGate.inside { live.withLock { $0[address] = (kind, kept) } }
  }

  static func free(_ block: UnsafeMutableRawPointer?, _ kind: OwnedResult) {
    guard let block else { return }
    let address = UInt(bitPattern: block)
    ForkGate.inside {
      // What it kept is destroyed outside of the lock.
      let ended = live.withLock { live in
        live[address]?.kind == kind ? live.removeValue(forKey: address) : nil
      }
      if ended != nil { Glibc.free(block) }
    }
  }
}
