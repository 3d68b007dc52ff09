extension ByteScanner {
  /// `Dot-string "@" Domain` of RFC 5321. Quoted names and address literals, which no one has, are
  /// refused, as pydantic and zod do.
  mutating func email() -> Bool {
    var local = part(before: "@")
    return local.dotString() && consume("@") && hostname()
  }

  /// A local part of at most 64 bytes: words of printable characters, with dots between them.
  private mutating func dotString() -> Bool {
    repeat {
      if skip(while: Self.isAtomText) == 0 { return false }
    } while consume(".")
    return isAtEnd && position <= 64
  }

  private static func isAtomText(_ byte: UInt8) -> Bool {
    isAlphanumeric(byte) || "!#$%&'*+-/=?^_`{|}~".utf8.contains(byte)
  }

  /// RFC 1123: labels of letters, digits and inner hyphens.
  mutating func hostname() -> Bool {
    let start = position
    repeat {
      guard let first = current, Self.isAlphanumeric(first) else { return false }
      var last = first
      let length = skip { byte in
        guard Self.isAlphanumeric(byte) || byte == UInt8(ascii: "-") else { return false }
        last = byte
        return true
      }
      guard length <= 63, last != UInt8(ascii: "-") else { return false }
    } while consume(".")
    return position - start <= 253
  }

  /// Four decimal numbers without leading zeros: an address that begins with 010 is octal to some.
  mutating func ipv4() -> Bool {
    for index in 0..<4 {
      if index > 0, !consume(".") { return false }
      let first = current
      var value = 0
      let length = skip { byte in
        guard Self.isDigit(byte), value <= 255 else { return false }
        value = value * 10 + Int(byte - UInt8(ascii: "0"))
        return true
      }
      guard length > 0, value <= 255, length == 1 || first != UInt8(ascii: "0") else {
        return false
      }
    }
    return true
  }

  /// RFC 4291, section 2.2: eight groups, of which one run may be left out, the last two perhaps as
  /// an IPv4 address. Without a zone.
  mutating func ipv6() -> Bool {
    var groups = 0
    var isShortened = false
    if consume(":") {
      guard consume(":") else { return false }
      isShortened = true
    }
    while let byte = current, Self.isHexDigit(byte) {
      let start = self
      let length = skip(while: Self.isHexDigit)
      if current == UInt8(ascii: ".") {
        self = start
        groups += 2
        guard ipv4() else { return false }
        break
      }
      groups += 1
      guard length <= 4, groups <= 8 else { return false }
      guard consume(":") else { break }
      if consume(":") {
        if isShortened { return false }
        isShortened = true
      } else if current.map(Self.isHexDigit) != true {
        return false
      }
    }
    return isShortened ? groups < 8 : groups == 8
  }

  /// RFC 3986: a scheme and what may follow it. A reference without a scheme is not a URI.
  mutating func uri() -> Bool {
    guard let first = current, Self.isLetter(first) else { return false }
    _ = skip { Self.isAlphanumeric($0) || "+-.".utf8.contains($0) }
    guard consume(":") else { return false }
    var hierarchy = part(before: "?#")
    guard hierarchy.hierarchy() else { return false }
    if consume("?"), !characters(besides: ":@/?") { return false }
    return !consume("#") || characters(besides: ":@/?")
  }

  private mutating func hierarchy() -> Bool {
    let start = self
    if consume("/"), consume("/") {
      var authority = part(before: "/")
      guard authority.authority() else { return false }
    } else {
      self = start
    }
    return characters(besides: ":@/") && isAtEnd
  }

  /// `[userinfo "@"] host [":" port]`.
  private mutating func authority() -> Bool {
    let start = self
    if !(characters(besides: ":") && consume("@")) { self = start }
    if consume("[") {
      var host = part(before: "]")
      guard host.ipv6(), host.isAtEnd, consume("]") else { return false }
    } else if !characters(besides: "") {
      return false
    }
    if consume(":") { _ = skip(while: Self.isDigit) }
    return isAtEnd
  }

  /// Any number of unreserved, escaped and sub-delimiting characters. False at a broken escape.
  private mutating func characters(besides others: StaticString) -> Bool {
    while let byte = current {
      if consume("%") {
        guard skip(while: Self.isHexDigit, atMost: 2) == 2 else { return false }
      } else if Self.isAlphanumeric(byte) || "-._~!$&'()*+,;=".utf8.contains(byte) {
        position += 1
      } else if !consume(anyOf: others) {
        return true
      }
    }
    return true
  }

  /// RFC 9562: any version.
  mutating func uuid() -> Bool {
    for (index, length) in [8, 4, 4, 4, 12].enumerated() {
      if index > 0, !consume("-") { return false }
      guard skip(while: Self.isHexDigit, atMost: length) == length else { return false }
    }
    return true
  }

  private mutating func skip(while accepts: (UInt8) -> Bool, atMost count: Int) -> Int {
    let start = position
    while position - start < count, let byte = current, accepts(byte) { position += 1 }
    return position - start
  }
}
