import CInterlock
import Interlock
import InterlockCore

/// Copies what a caller passed. Every function names the argument in what it throws.
enum Argument {
  static func bytes(
    _ pointer: UnsafeRawPointer?, _ size: Int, _ name: StaticString, limit: Int
  ) throws(Failure) -> [UInt8] {
    // A size_t above the greatest Int arrives negative.
    guard size >= 0, size <= limit else {
      throw Failure(
        .tooLarge, "\(name) has \(UInt(bitPattern: size)) bytes, the limit is \(limit)",
        path: "\(name)")
    }
    guard size > 0 else { return [] }
    guard let pointer else { throw .misuse(name, "is NULL with a size") }
    return [UInt8](UnsafeRawBufferPointer(start: pointer, count: size))
  }

  static func bytes(
    _ bytes: interlock_bytes, _ name: StaticString, limit: Int
  ) throws(Failure) -> [UInt8] {
    try self.bytes(bytes.data, bytes.size, name, limit: limit)
  }

  static func text(
    _ pointer: UnsafeRawPointer?, _ size: Int, _ name: StaticString, limit: Int = Limits.idBytes
  ) throws(Failure) -> Text {
    let bytes = try bytes(pointer, size, name, limit: limit)
    guard UTF8Validator.isValid(bytes) else {
      throw Failure(.invalidUTF8, "\(name) is not UTF-8", path: "\(name)")
    }
    return Text(trusted: bytes)
  }

  static func text(
    _ bytes: interlock_bytes, _ name: StaticString, limit: Int = Limits.idBytes
  ) throws(Failure) -> Text {
    try text(bytes.data, bytes.size, name, limit: limit)
  }

  /// Nil for an empty text.
  static func optionalText(
    _ bytes: interlock_bytes, _ name: StaticString
  ) throws(Failure) -> Text? {
    let text = try text(bytes, name)
    return text.isEmpty ? nil : text
  }

  /// The elements of an array that the caller passed, each converted.
  static func array<Element, Value>(
    _ pointer: UnsafePointer<Element>?, _ count: Int, _ name: StaticString,
    _ convert: (Element) throws(Failure) -> Value
  ) throws(Failure) -> [Value] {
    guard count >= 0, count <= Limits.arrayElements else {
      throw Failure(
        .tooLarge,
        "\(name) has \(UInt(bitPattern: count)) elements, the limit is \(Limits.arrayElements)",
        path: "\(name)")
    }
    guard count > 0 else { return [] }
    guard let pointer else { throw .misuse(name, "is NULL with a count") }
    var values: [Value] = []
    values.reserveCapacity(count)
    for (index, element) in UnsafeBufferPointer(start: pointer, count: count).enumerated() {
      do throws(Failure) {
        values.append(try convert(element))
      } catch {
        throw error.inElement(index, of: "\(name)")
      }
    }
    return values
  }

  static func texts(
    _ pointer: UnsafePointer<interlock_bytes>?, _ count: Int, _ name: StaticString
  ) throws(Failure) -> [Text] {
    try array(pointer, count, name) { (bytes) throws(Failure) in try text(bytes, name) }
  }

  /// A struct of the caller that begins with its size (convention 8).
  /// `first` is the size in the first release: what an older caller leaves out is zero.
  static func structure<Value: BitwiseCopyable>(
    _ pointer: UnsafePointer<Value>?, _ name: StaticString, first: Int = MemoryLayout<Value>.size,
    empty: Value
  ) throws(Failure) -> Value {
    guard let pointer else { throw .misuse(name, "is NULL") }
    let raw = UnsafeRawPointer(pointer)
    let known = MemoryLayout<Value>.size
    let size = Int(raw.loadUnaligned(as: UInt32.self))
    guard first...4096 ~= size else {
      throw Failure(
        .unsupported, "\(name).struct_size is \(size), this version knows \(known)",
        path: "\(name).struct_size")
    }
    let beyond = UnsafeRawBufferPointer(start: raw + min(size, known), count: max(0, size - known))
    guard beyond.allSatisfy({ $0 == 0 }) else {
      throw Failure(
        .unsupported, "\(name) sets a field that this version does not know", path: "\(name)")
    }
    var value = empty
    withUnsafeMutableBytes(of: &value) { bytes in
      bytes.copyMemory(from: UnsafeRawBufferPointer(start: raw, count: min(size, known)))
    }
    return value
  }

  static func reserved(_ field: UInt32, _ name: StaticString) throws(Failure) {
    guard field == 0 else { throw Failure(.unsupported, "\(name) is not 0", path: "\(name)") }
  }

  static func flags(_ flags: UInt32, known: UInt32, _ name: StaticString) throws(Failure) {
    guard flags & ~known == 0 else {
      throw Failure(
        .unsupported, "\(name) has unknown bits 0x\(String(flags & ~known, radix: 16))",
        path: "\(name)")
    }
  }
}
