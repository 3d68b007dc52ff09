import CInterlock
import Glibc
import Interlock

/// Lays out a result in one block, large values beside it. The same code runs twice: once without memory to
/// measure, once to fill.
struct Arena {
  private static let largeValue = 64 << 10

  private let base: UnsafeMutableRawPointer?
  private(set) var used: Int
  /// What the result points to outside of its block.
  private(set) var kept: [[UInt8]] = []

  init(base: UnsafeMutableRawPointer?, used: Int) {
    self.base = base
    self.used = used
  }

  mutating func array<Element>(
    _ count: Int, _ element: (Int, inout Arena) -> Element
  ) -> UnsafePointer<Element>? {
    guard count > 0 else { return nil }
    align(MemoryLayout<Element>.alignment)
    let start = used
    used += count * MemoryLayout<Element>.stride
    let elements = base.map { ($0 + start).bindMemory(to: Element.self, capacity: count) }
    for index in 0..<count {
      let value = element(index, &self)
      if let elements { (elements + index).initialize(to: value) }
    }
    return elements.map { UnsafePointer($0) }
  }

  mutating func bytes(_ bytes: [UInt8]) -> interlock_bytes {
    guard !bytes.isEmpty else { return interlock_bytes(data: nil, size: 0) }
    let start = used
    used += bytes.count
    guard let base else { return interlock_bytes(data: nil, size: bytes.count) }
    UnsafeMutableRawBufferPointer(start: base + start, count: bytes.count).copyBytes(from: bytes)
    return interlock_bytes(data: base + start, size: bytes.count)
  }

  /// A large value is not copied: the result keeps the array, whose elements stand in a block of its own.
  mutating func value(_ value: [UInt8]) -> interlock_bytes {
    guard value.count >= Self.largeValue else { return bytes(value) }
    guard base != nil else { return interlock_bytes(data: nil, size: value.count) }
    kept.append(value)
    return value.withUnsafeBytes { interlock_bytes(data: $0.baseAddress, size: $0.count) }
  }

  private mutating func align(_ alignment: Int) {
    used = (used + alignment - 1) / alignment * alignment
  }

  /// One owned block that begins with what `root` returns. Nil if there is no memory.
  static func make<Root>(
    _ kind: OwnedResult, _ root: (inout Arena) -> Root
  ) -> UnsafeMutablePointer<Root>? {
    var measure = Arena(base: nil, used: MemoryLayout<Root>.size)
    _ = root(&measure)
    guard let block = malloc(measure.used) else { return nil }
    var fill = Arena(base: block, used: MemoryLayout<Root>.size)
    let pointer = block.bindMemory(to: Root.self, capacity: 1)
    pointer.initialize(to: root(&fill))
    LiveResults.add(block, kind, fill.kept)
    return pointer
  }
}
