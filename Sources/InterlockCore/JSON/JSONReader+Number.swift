extension JSONReader {
  mutating func number() throws(JSONError) -> JSONNumber {
    let start = position
    var isInteger = true
    if current == UInt8(ascii: "-") { position += 1 }
    if current == UInt8(ascii: "0") {
      position += 1
    } else {
      try digits()
    }
    if current == UInt8(ascii: ".") {
      isInteger = false
      position += 1
      try digits()
    }
    if current == UInt8(ascii: "e") || current == UInt8(ascii: "E") {
      isInteger = false
      position += 1
      if current == UInt8(ascii: "+") || current == UInt8(ascii: "-") { position += 1 }
      try digits()
    }
    guard position - start <= Self.maxDigits else {
      throw JSONError(reason: .numberOutOfRange, offset: start)
    }
    let token = String(decoding: bytes[start..<position], as: UTF8.self)
    return isInteger ? Self.integer(token) : try double(token, at: start)
  }

  /// Hosts refuse integers of some length too, e.g. Python above 4300 digits: what was accepted here must
  /// be readable there.
  private static let maxDigits = 1024

  private mutating func digits() throws(JSONError) {
    let start = position
    while let byte = current, UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte { position += 1 }
    guard position > start else { throw failure(current == nil ? .unexpectedEnd : .invalidNumber) }
  }

  private static func integer(_ token: String) -> JSONNumber {
    guard let value = Int64(token) else { return .bigInteger(Text(token)) }
    return .integer(value)
  }

  /// Refuses what a double cannot hold: an overflow, and a nonzero number that becomes zero.
  private func double(_ token: String, at start: Int) throws(JSONError) -> JSONNumber {
    guard let value = Double(token), value.isFinite else {
      throw JSONError(reason: .numberOutOfRange, offset: start)
    }
    let mantissa = token.utf8.prefix { $0 != UInt8(ascii: "e") && $0 != UInt8(ascii: "E") }
    let saysZero = !mantissa.contains { UInt8(ascii: "1")...UInt8(ascii: "9") ~= $0 }
    guard value != 0 || saysZero else {
      throw JSONError(reason: .numberOutOfRange, offset: start)
    }
    return .double(value)
  }
}
