/// Addresses, checked as far as their form goes: whether anything answers there nobody can know.
enum AddressRule {
  /// One `@` between a local part and a domain of non-empty labels, without spaces or control
  /// characters: those would end up in a mail header.
  static func isEmail(_ text: Text) -> Bool {
    let bytes = text.utf8
    guard !TextRule.hasSpaceOrControl(text), let at = bytes.firstIndex(of: UInt8(ascii: "@")),
      at > 0
    else { return false }
    let domain = bytes[(at + 1)...]
    return !domain.contains(UInt8(ascii: "@")) && hasLabels(domain)
  }

  private static func hasLabels(_ domain: ArraySlice<UInt8>) -> Bool {
    var isInLabel = false
    for byte in domain {
      if byte == UInt8(ascii: "."), !isInLabel { return false }
      isInLabel = byte != UInt8(ascii: ".")
    }
    return isInLabel
  }

  /// Absolute, `http` or `https`, with a host, without spaces or control characters.
  static func isURL(_ text: Text) -> Bool {
    guard !TextRule.hasSpaceOrControl(text),
      let rest = after("https://", text.utf8) ?? after("http://", text.utf8)
    else { return false }
    let ends = [UInt8(ascii: "/"), UInt8(ascii: "?"), UInt8(ascii: "#")]
    var host = rest.prefix { !ends.contains($0) }
    // `user:password@` may precede it.
    if let at = host.lastIndex(of: UInt8(ascii: "@")) { host = host[(at + 1)...] }
    return isHostAndPort(host)
  }

  private static func isHostAndPort(_ text: ArraySlice<UInt8>) -> Bool {
    var port: ArraySlice<UInt8>
    if text.first == UInt8(ascii: "[") {
      // An IPv6 address has colons of its own.
      guard let close = text.firstIndex(of: UInt8(ascii: "]")), close - text.startIndex > 1 else {
        return false
      }
      port = text[(close + 1)...]
    } else {
      let host = text.prefix { $0 != UInt8(ascii: ":") }
      guard !host.isEmpty else { return false }
      port = text[host.endIndex...]
    }
    guard !port.isEmpty else { return true }
    return port.popFirst() == UInt8(ascii: ":")
      && port.allSatisfy { UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }
  }

  /// What follows a scheme, which may be written in capitals.
  private static func after(_ scheme: StaticString, _ bytes: [UInt8]) -> ArraySlice<UInt8>? {
    scheme.withUTF8Buffer { scheme in
      let isThere =
        bytes.count >= scheme.count
        && zip(bytes, scheme).allSatisfy { TextRule.lowercase($0) == $1 }
      return isThere ? bytes[scheme.count...] : nil
    }
  }
}
