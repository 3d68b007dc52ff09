import InterlockCore
import Testing

@Suite struct PayloadReaderTests {
  enum Colour: String, CaseIterable { case red, green }

  private func reader(_ text: String) throws -> MemberReader {
    let path = JSONPointer.root.appending("p").appending(0)
    return MemberReader(try JSONReader.read(Array(text.utf8)), at: path)
  }

  @Test func readsMembersByType() throws {
    var reader = try reader(
      #"{"t":"a","b":true,"i":-3,"d":2.0,"n":0.5,"o":{"x":1},"l":[1],"c":"green","v":null}"#)
    #expect(reader.text("t") == "a")
    #expect(reader.bool("b") == true)
    #expect(reader.integer("i", in: -3...3) == -3)
    #expect(reader.integer("d") == 2)
    #expect(reader.number("n") == .double(0.5))
    #expect(reader.object("o") == .object(["x": .integer(1)]))
    #expect(reader.array("l", count: 1...1) == [.integer(1)])
    #expect(reader.choice("c") == Colour.green)
    #expect(reader.value("v") == .null)
    #expect(reader.text("absent") == nil)
    reader.finish()
    #expect(reader.problems.isEmpty)
  }

  @Test func collectsEveryProblemWithItsPlace() throws {
    var reader = try reader(#"{"t":1,"e":"","i":9,"f":0.5,"l":[],"m":[1,2],"c":"Red","x":1,"y":2}"#)
    #expect(reader.text("t") == nil)
    #expect(reader.text("e", nonEmpty: true) == "")
    #expect(reader.integer("i", in: 0...3) == nil)
    #expect(reader.integer("f") == nil)
    #expect(reader.array("l", count: 1...1) == [])
    #expect(reader.array("m", count: 1...1) == nil)
    let colour: Colour? = reader.choice("c")
    #expect(colour == nil)
    #expect(reader.bool("gone", .required) == nil)
    reader.finish { $0.name == "y" }
    #expect(
      PayloadSupport.lines(reader.problems) == [
        "type /p/0/t", "empty /p/0/e", "max /p/0/i", "type /p/0/f", "too_few /p/0/l",
        "too_many /p/0/m", "not_an_option /p/0/c", "missing /p/0/gone", "unexpected /p/0/x",
      ])
  }

  @Test("Of what is no object, only that is reported")
  func noObject() throws {
    var reader = try reader("[]")
    #expect(reader.text("t", .required) == nil)
    reader.finish()
    #expect(PayloadSupport.lines(reader.problems) == ["type /p/0"])
    #expect(reader.problems.first?.expected == .text("object"))
    #expect(reader.problems.first?.got == .text("array"))
  }

  @Test func aMemberGivenTwiceIsUnexpected() {
    let member = JSONMember(name: "a", value: .null)
    var reader = MemberReader(.object([member, member]))
    #expect(reader.value("a") == .null)
    reader.finish()
    #expect(PayloadSupport.lines(reader.problems) == ["unexpected /a"])
  }
}
