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
  private static let live = Locked<[UInt: OwnedResult]>([:])

  static func add(_ block: UnsafeMutableRawPointer, _ kind: OwnedResult) {
    let address = UInt(bitPattern: block)
    ForkGate.inside { live.withLock { $0[address] = kind } }
  }

  static func free(_ block: UnsafeMutableRawPointer?, _ kind: OwnedResult) {
    guard let block else { return }
    let address = UInt(bitPattern: block)
    let isLive = ForkGate.inside {
      live.withLock { live in
        guard live[address] == kind else { return false }
        live.removeValue(forKey: address)
        return true
      }
    }
    if isLive { Glibc.free(block) }
  }
}
