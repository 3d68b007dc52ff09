import Interlock
import InterlockStore

enum Handles {
  static let engines = HandleTable<Engine>(kind: 0xE1, name: "engine")
  static let runs = HandleTable<RunSession>(kind: 0xA1, name: "run")
  static let cancels = HandleTable<CancelFlag>(kind: 0xC1, name: "cancel")
}

/// Objects behind tokens. A token is never an address: a stale, closed, forged or foreign one is told
/// apart from a live one and cannot be followed anywhere.
final class HandleTable<Object: AnyObject & Sendable>: Sendable {
  private struct Slot {
    var generation: UInt64 = 1
    var object: Object?
  }

  private struct State {
    var slots: [Slot] = []
    var free: [Int] = []
  }

  private let kind: UInt64
  /// What the parameter is called.
  private let name: StaticString
  private let state = Locked(State())

  fileprivate init(kind: UInt64, name: StaticString) {
    self.kind = kind
    self.name = name
  }

  func insert(_ object: Object) throws(Failure) -> OpaquePointer {
    let token = ForkGate.inside {
      state.withLock { state -> Token? in
        if state.free.isEmpty, state.slots.count <= Token.largestSlot {
          state.slots.append(Slot())
          state.free.append(state.slots.count - 1)
        }
        guard let index = state.free.popLast() else { return nil }
        state.slots[index].object = object
        return Token(
          kind: kind, fork: UInt64(ForkGate.generation), generation: state.slots[index].generation,
          slot: index)
      }
    }
    guard let pointer = token?.pointer else {
      throw Failure(.noMemory, "there are too many open handles")
    }
    return pointer
  }

  func resolve(_ handle: OpaquePointer?) throws(Failure) -> Object {
    try lookUp(handle) { state, index in state.slots[index].object }
  }

  /// Resolves a handle and makes it stale.
  func remove(_ handle: OpaquePointer?) throws(Failure) -> Object {
    try lookUp(handle) { state, index in
      defer {
        state.slots[index].object = nil
        state.slots[index].generation &+= 1
        state.free.append(index)
      }
      return state.slots[index].object
    }
  }

  private func lookUp(
    _ handle: OpaquePointer?, _ found: (inout State, Int) -> Object?
  ) throws(Failure) -> Object {
    guard let token = Token(handle), token.kind == kind else {
      throw Failure(.badHandle, "\(name) is not a handle of its kind", path: "\(name)")
    }
    guard token.fork == UInt64(ForkGate.generation) & Token.forkMask else {
      throw Failure(
        .forked, "\(name) belongs to the parent process; make one after fork()", path: "\(name)")
    }
    let (object, wasOpen) = ForkGate.inside {
      state.withLock { state -> (Object?, Bool) in
        guard token.slot < state.slots.count else { return (nil, false) }
        let current = state.slots[token.slot].generation & Token.generationMask
        guard token.generation == current else { return (nil, token.generation < current) }
        return (found(&state, token.slot), false)
      }
    }
    if let object { return object }
    if wasOpen { throw Failure(.closed, "\(name) is closed", path: "\(name)") }
    throw Failure(.badHandle, "\(name) is not a handle of its kind", path: "\(name)")
  }
}

/// What a handle's bits say. The kind is the top byte, which no address of a process has set.
struct Token {
  static let forkMask: UInt64 = 0xFF
  static let generationMask: UInt64 = 0xFF_FFFF
  static let largestSlot = 0xFF_FFFF

  let kind: UInt64
  let fork: UInt64
  let generation: UInt64
  let slot: Int

  init(kind: UInt64, fork: UInt64, generation: UInt64, slot: Int) {
    self.kind = kind
    self.fork = fork & Self.forkMask
    self.generation = generation & Self.generationMask
    self.slot = slot
  }

  init?(_ handle: OpaquePointer?) {
    guard let handle else { return nil }
    let bits = UInt64(UInt(bitPattern: handle))
    kind = bits >> 56
    fork = bits >> 48 & Self.forkMask
    generation = bits >> 24 & Self.generationMask
    slot = Int(bits & 0xFF_FFFF)
  }

  var pointer: OpaquePointer? {
    let bits = kind << 56 | fork << 48 | generation << 24 | UInt64(slot)
    return OpaquePointer(bitPattern: UInt(bits))
  }
}
