import InterlockCore
import Testing

@Suite struct PatternTests {
  /// Pattern, texts it is found in, texts it is not found in.
  static let table: [(pattern: String, found: [String], absent: [String])] = [
    ("", ["", "a"], []),
    ("b", ["b", "abc"], ["", "a"]),
    ("^b$", ["b"], ["ab", "ba", "b\n"]),
    ("^a.c$", ["abc", "a\u{1F600}c"], ["ac", "a\nc", "a\u{2028}c", "abbc"]),
    ("^a*$", ["", "a", "aaa"], ["b", "ab"]),
    ("^a+?$", ["a", "aaa"], ["", "b"]),
    ("^ab?c$", ["ac", "abc"], ["abbc"]),
    ("^a{2}$", ["aa"], ["a", "aaa"]),
    ("^a{2,}$", ["aa", "aaaaa"], ["a"]),
    ("^a{2,3}?$", ["aa", "aaa"], ["a", "aaaa"]),
    ("^a{0}$", [""], ["a"]),
    ("^(ab|cd)+$", ["ab", "cdab"], ["abc", ""]),
    ("^(?:a|b|)$", ["a", "b", ""], ["ab"]),
    ("^(?<year>\\d{4})-(?P<month>\\d\\d)$", ["2026-08"], ["26-08"]),
    ("^(a*)*$", ["", "aaa"], ["b"]),
    ("^(a|a)*b$", ["b", "aab"], ["aac"]),
    ("^[a-c]$", ["a", "b", "c"], ["d", "-", ""]),
    ("^[^a-c]$", ["d", "\n"], ["a", "b", ""]),
    ("^[-a]$", ["-", "a"], ["b"]),
    ("^[a-]$", ["-", "a"], ["b"]),
    ("^[\\w.-]+@[\\w-.]+$", ["a.b-c@d-e.f"], ["a@", "ä@b"]),
    ("^[]$", [], ["", "a", "]"]),
    ("^[^]$", ["a", "\n"], [""]),
    ("^[\\b\\t]$", ["\u{8}", "\t"], ["b"]),
    ("^[\\D]$", ["a"], ["1"]),
    ("^[a-\\d]$", ["a", "-", "7"], ["b", "\\", "d"]),
    ("^[\\d-x]$", ["7", "-", "x"], ["a", "w"]),
    ("^[+-\\p{Lu}z]$", ["+", "-", "A", "z"], [",", "a"]),
    ("^[b-da-c]$", ["a", "b", "c", "d"], ["e", "-"]),
    ("^[a-zc-d\\dx4-6]$", ["a", "d", "e", "z", "0", "9"], ["A", "-", "{"]),
    ("^[^a-zc-d]$", ["A", "{"], ["a", "c", "e", "z"]),
    ("^[^\\D5]$", ["1"], ["5", "a"]),
    ("^\\d$", ["7"], ["a", "\u{0667}"]),
    ("^\\w$", ["a", "Z", "0", "_"], ["é", "-"]),
    ("^\\W$", ["é", "-"], ["a"]),
    ("^\\s$", [" ", "\t", "\u{A0}", "\u{FEFF}", "\u{2029}", "\u{3000}"], ["a", "\u{200B}"]),
    ("^\\S$", ["a", "\u{200B}"], [" ", "\u{FEFF}"]),
    ("\\bcat\\b", ["cat", "a cat."], ["cats", "concat"]),
    ("\\Bcat", ["concat"], ["cat", "a cat"]),
    ("^\\t\\n\\v\\f\\r\\0$", ["\t\n\u{B}\u{C}\r\0"], ["tnvfr0"]),
    ("^\\cJ\\x41\\u0042\\u{1F600}$", ["\nAB\u{1F600}"], ["JAB"]),
    ("^\\uD83D\\uDE00$", ["\u{1F600}"], ["\u{1F601}"]),
    ("^\\^\\$\\.\\*\\+\\?\\(\\)\\[\\]\\{\\}\\|\\/\\\\\\-\\_$", ["^$.*+?()[]{}|/\\-_"], [""]),
    ("^{a}]}$", ["{a}]}"], ["a"]),
    ("^x{,$", ["x{,"], ["x"]),
    ("^\\p{Letter}+$", ["aé漢"], ["a1"]),
    ("^\\p{L}\\p{Nd}\\p{digit}$", ["a1\u{0667}"], ["1aa"]),
    ("^\\p{gc=Lu}\\p{General_Category=Lowercase_Letter}$", ["Éa"], ["aÉ"]),
    ("^\\P{L}$", ["1"], ["a"]),
    ("^[\\p{Lu}\\P{L}]$", ["A", "1"], ["a"]),
    ("^\\p{LC}$", ["a", "A"], ["漢"]),
    ("^\\p{ASCII}\\P{ASCII}\\p{Any}$", ["aé\u{1F600}"], ["aaa"]),
    ("^é$", ["é"], ["e\u{301}"]),
    ("a|^b|c$", ["xa", "bx", "xc"], ["xb", "cx"]),
    ("^a|b", ["ax", "xb"], ["xa"]),
    ("(^|,)x", ["x", "a,x"], ["ax", ""]),
    ("(?:^a)+b", ["ab", "abx"], ["xab", "aab", "b"]),
    ("(?:^a)*b", ["ab", "b", "xab"], ["a"]),
    ("(?:^a){0,2}b", ["ab", "xb"], ["a"]),
    ("(?:^a){0}b", ["b", "xb"], ["a"]),
    ("((^))a", ["a", "ab"], ["ba"]),
    ("(^|,)x(,|$)", ["x", "a,x,b", "a,x"], ["ax", "xa"]),
    ("^\\S+$", ["abc"], ["a b", ""]),
    ("^([01]\\d|2[0-3]):[0-5]\\d$", ["00:00", "23:59"], ["24:00", "9:00"]),
    ("^#[0-9a-fA-F]{6}$", ["#00aAfF"], ["#00aAf", "00aAfF0"]),
    ("^(?=.*é)(?!.*\n)(?:a|é)*$", ["aé", "é"], ["a", "", "é\n", "éb"]),
    ("^(?!a)(b|c)", ["b", "c"], ["a", "xb", ""]),
  ]

  @Test(arguments: table.indices) func findsWhatItShould(row: Int) throws {
    let (source, found, absent) = Self.table[row]
    let pattern = try Pattern(Text(source))
    for text in found { #expect(pattern.matches(Text(text)), "\(source) in \(text)") }
    for text in absent { #expect(!pattern.matches(Text(text)), "\(source) in \(text)") }
  }

  @Test func looksAheadAsPythonDoes() throws {
    let texts = PatternLookAheadRows.texts
    for (source, found) in PatternLookAheadRows.table {
      let pattern = try Pattern(Text(source))
      let ours = Set(texts.indices.filter { pattern.matches(Text(texts[$0])) })
      #expect(ours == found, "\(source): \(ours.symmetricDifference(found).map { texts[$0] })")
    }
  }

  static let refused: [(pattern: String, reason: PatternError.Reason, offset: Int)] = [
    ("a(?=b)", .lookAround, 4), ("a(?!b)", .lookAround, 4),
    ("(?<=a)b", .lookAround, 4), ("(?<!a)b", .lookAround, 4),
    // Beside the beginning, in a look-ahead, or of one alternative only.
    ("(?!a)b", .lookAround, 3), ("(^(?!a))b", .lookAround, 5), ("^a|^(?!b)c", .lookAround, 7),
    ("^(?:(?!a)b)", .lookAround, 7), ("^(?!(?=a)b)", .lookAround, 7), ("^(?<!a)", .lookAround, 5),
    ("^^(?!a)b", .lookAround, 5),
    ("^(?!a)b|c", .lookAheadOfAlternative, 1), ("^(?=a)|", .lookAheadOfAlternative, 1),
    ("^(?!a)*b", .nothingToRepeat, 6), ("^(?=a)+", .nothingToRepeat, 6),
    ("^(?!a", .unclosedGroup, 1), ("^(?!a))", .unopenedGroup, 6), ("^(?=a)(b", .unclosedGroup, 6),
    ("^(?=a{10000})(?=a{10000})", .tooLarge, 0), ("^(?=a{19999})", .tooLarge, 0),
    ("(a)\\1", .backReference, 4), ("(?<n>a)\\k<n>", .backReference, 8),
    ("(?P<n>a)(?P=n)", .backReference, 12),
    ("(?", .unknownGroup, 2), ("(?P", .unknownGroup, 2), ("(?P>n)", .unknownGroup, 2),
    ("(?i)a", .unknownGroup, 2), ("(?>a)", .unknownGroup, 2), ("(?#a)", .unknownGroup, 2),
    ("\\p{Script=Greek}", .unknownProperty, 16), ("\\p{Emoji}", .unknownProperty, 9),
    ("\\Aa\\Z", .pythonAnchor, 2), ("a\\z", .pythonAnchor, 3),
    ("\\a", .unknownEscape, 2), ("\\é", .unknownEscape, 2), ("\\07", .unknownEscape, 2),
    ("[\\B]", .unknownEscape, 3),
    ("\\", .invalidEscape, 1), ("\\x4", .invalidEscape, 3), ("\\u12", .invalidEscape, 4),
    ("\\uD83D", .invalidEscape, 6), ("\\uD83D\\u0041", .invalidEscape, 12),
    ("\\u{110000}", .invalidEscape, 8), ("\\u{}", .invalidEscape, 3), ("\\c1", .invalidEscape, 3),
    ("\\pL", .invalidEscape, 2), ("\\p{L", .invalidEscape, 4),
    ("(a", .unclosedGroup, 0), ("a)", .unopenedGroup, 1), ("x[a", .unclosedClass, 1),
    ("[a\\", .invalidEscape, 3), ("(?<1-a>)", .invalidGroupName, 5),
    ("(?<>a)", .invalidGroupName, 4), ("(?<n", .invalidGroupName, 4),
    ("(?P<n a>b)", .invalidGroupName, 6), ("(?P<é$_1-)", .invalidGroupName, 9),
    ("[b-a]", .invalidRange, 1),
    ("*a", .nothingToRepeat, 0), ("a|+", .nothingToRepeat, 2), ("(?:?)", .nothingToRepeat, 3),
    ("a**", .nothingToRepeat, 2), ("a++", .nothingToRepeat, 2), ("a{2}{3}", .nothingToRepeat, 4),
    ("{2}", .nothingToRepeat, 0), ("^*", .nothingToRepeat, 0), ("\\b+", .nothingToRepeat, 0),
    ("a{3,2}", .invalidRepetition, 6), ("a{,3}", .invalidRepetition, 5),
    ("a{99999999999999999999}", .tooLarge, 6),
    ("((a{100}){100}){100}", .tooLarge, 0), ("[a-z]{0,20000}", .tooLarge, 0),
    (String(repeating: "a", count: 4097), .tooLong, 4096),
    (String(repeating: "(", count: 65) + String(repeating: ")", count: 65), .tooDeep, 65),
  ]

  @Test(arguments: refused.indices) func refusesWhatItWouldNotDo(row: Int) {
    let (source, reason, offset) = Self.refused[row]
    #expect(throws: PatternError(reason: reason, offset: offset)) { try Pattern(Text(source)) }
  }

  @Test func takesWhatIsWithinTheCaps() throws {
    let long = String(repeating: "a", count: 4096)
    #expect(try Pattern(Text(long)).matches(Text(long)))
    let deep = String(repeating: "(", count: 64) + "a" + String(repeating: ")", count: 64)
    #expect(try Pattern(Text(deep)).matches("a"))
    let name = String(repeating: "n", count: 4090)
    #expect(try Pattern(Text("(?<\(name)>a)")).matches("a"))
    // Counts of nothing, nested: no program, and no time either.
    #expect(try Pattern("(((){20000}){20000}){20000}").matches(""))
  }

  /// A backtracking engine needs 2^100000 steps here.
  @Test func timeIsLinear() throws {
    let pattern = try Pattern("(a+)+$")
    let clock = ContinuousClock()
    func time(_ count: Int) -> Duration {
      let text = Text(String(repeating: "a", count: count) + "b")
      return clock.measure { #expect(!pattern.matches(text)) }
    }
    let short = time(25_000)
    let long = time(100_000)
    print("(a+)+$ against 25,000 and 100,000 characters: \(short), \(long)")
    #expect(long < .seconds(5))
    // Four times the text: linear is 4, quadratic is 16. The rest is for a busy machine.
    #expect(long < short * 10)
  }

  /// What can only begin at the start is not looked for at every place of a long text.
  @Test func aSearchFromTheStartEndsWithIt() throws {
    let long = String(repeating: "c", count: 200_000)
    let clock = ContinuousClock()
    func time(_ source: String, _ text: String, _ isFound: Bool) throws -> Duration {
      let (pattern, text) = (try Pattern(Text(source)), Text(text))
      return clock.measure { #expect(pattern.matches(text) == isFound, "\(source)") }
    }
    let everywhere = try time("a", long, false)
    for source in ["^a", "^(a|b)+", "^(?!c)a"] {
      // The best of some, for a busy machine.
      let times = try (0..<5).map { _ in try time(source, long, false) }
      #expect(try #require(times.min()) < everywhere / 10, "\(source)")
    }
    for (source, tail) in [
      ("^c+$", ""), ("^c*b", "b"), ("^a|b", "b"), ("(^|,)x", ",x"), ("(?:^a)*b", "b"),
      ("^(?=.*b)c", "b"),
    ] {
      _ = try time(source, long + tail, true)
    }
    for source in ["^c+$", "^b", "(?:^a)+b", "^(?!.*b)c"] {
      _ = try time(source, long + "b", false)
    }
  }

  /// A search for each look-ahead, and no more, whatever they hold.
  @Test func lookAheadsAreLinear() throws {
    let heads = String(repeating: "(?=(a+)+b?)(?!(a|aa)+$)", count: 20)
    let pattern = try Pattern(Text("^\(heads)(a|b)*$"))
    let clock = ContinuousClock()
    func time(_ count: Int) -> Duration {
      let text = Text(String(repeating: "a", count: count) + "b")
      return clock.measure { #expect(pattern.matches(text)) }
    }
    let short = time(2_000)
    let long = time(8_000)
    print("40 look-aheads against 2,000 and 8,000 characters: \(short), \(long)")
    #expect(long < short * 10)
    #expect(pattern.cost(of: "") == pattern.size / 256 + 41)
  }

  @Test func everyReasonIsTestedAndSaysWhere() {
    let tested = Set(Self.refused.map(\.reason))
    #expect(tested == Set(PatternError.Reason.allCases))
    let error = PatternError(reason: .backReference, offset: 4)
    #expect(error.message == "back-references are not supported (at character 4)")
  }
}
