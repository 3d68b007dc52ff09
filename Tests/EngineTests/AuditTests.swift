import Interlock
import InterlockCore
import InterlockSQLite
import InterlockStore
import Testing

/// The chain of the audit, its copy elsewhere, and receipts.
@Suite struct AuditTests {
  /// A file with four audit records.
  private static func withFile(_ body: (String, _ head: JSONValue) throws -> Void) throws {
    let folder = TemporaryFolder()
    let path = folder.path + "/audit.db"
    let desk = Desk(try .sqlite(path: path))
    for option in ["approve", "reject", "approve", "reject"] {
      let id = try desk.open()
      desk.answer(id, "ana", option)
    }
    let verified = try desk.engine.audit.verify(bytes("{}"))
    #expect(verified.isSound)
    try desk.engine.close()
    let head = try JSONReader.read(verified.json).find("head") ?? .null
    #expect(head.at("seq") == "4")
    try body(path, head)
    withExtendedLifetime(folder) {}
  }

  private static func verify(_ path: String, _ head: String? = nil) throws -> JSONValue {
    let engine = Engine(try .sqlite(path: path))
    let request = head.map { #"{"head":\#($0)}"# } ?? "{}"
    let (json, isSound) = try engine.audit.verify(bytes(request))
    let value = try JSONReader.read(json)
    #expect(value.at("ok") == "\(isSound)")
    // The check of the whole store finds it too, but for what only a known head shows.
    if head == nil { #expect(try engine.check().isSound == isSound) }
    try engine.close()
    return value
  }

  @Test(
    "N32, S33: a record that was changed, removed or moved is found",
    arguments: [
      ("UPDATE audit SET body = replace(body, 'approve', 'reject') WHERE sequence = 3", "3"),
      ("UPDATE audit SET body = '{' WHERE sequence = 1", "1"),
      ("UPDATE audit SET hash = zeroblob(32) WHERE sequence = 2", "2 3"),
      ("UPDATE audit SET hash = x'' WHERE sequence = 4", "4"),
      ("DELETE FROM audit WHERE sequence = 1", "2 2"),
      ("DELETE FROM audit WHERE sequence = 3", "4 4"),
      (
        """
        DELETE FROM audit WHERE sequence = 2;
        UPDATE audit SET sequence = sequence - 1 WHERE sequence > 2
        """, "2 3"
      ),
      (
        """
        UPDATE audit SET sequence = 9 WHERE sequence = 2;
        UPDATE audit SET sequence = 2 WHERE sequence = 3;
        UPDATE audit SET sequence = 3 WHERE sequence = 9
        """, "2 3 4"
      ),
      (
        """
        UPDATE audit SET (body, hash) = (SELECT body, hash FROM audit WHERE sequence = 3)
        WHERE sequence = 2
        """, "2 3"
      ),
      ("INSERT INTO audit SELECT 5, review, body, hash FROM audit WHERE sequence = 4", "5"),
      ("UPDATE audit SET sequence = sequence + 100 WHERE sequence > 2", "103 103 104"),
    ])
  func damageIsFound(_ sql: String, _ problems: String) throws {
    try Self.withFile { path, _ in
      #expect(meddle(path, sql) > 0)
      let report = try Self.verify(path)
      let found = report.items("problems").map { $0.at("seq") }.joined(separator: " ")
      #expect(found == problems, "\(report.at("problems"))")
    }
  }

  @Test("What was cut off is found by the head that was known")
  func truncation() throws {
    try Self.withFile { path, head in
      #expect(try Self.verify(path, head.at("")).at("ok") == "true")
      #expect(meddle(path, "DELETE FROM audit WHERE sequence > 2") == 2)
      #expect(try Self.verify(path).at("ok") == "true")
      let report = try Self.verify(path, head.at(""))
      #expect(report.at("problems/0/seq") + report.at("records") == "42")
    }
  }

  @Test("A chain that was written anew is not the one whose head was known")
  func replacement() throws {
    try Self.withFile { path, head in
      #expect(meddle(path, "DELETE FROM audit") == 4)
      let desk = Desk(try .sqlite(path: path))
      for _ in 0..<5 { desk.answer(try desk.open(), "eve") }
      try desk.engine.close()
      #expect(try Self.verify(path).at("ok") == "true")
      #expect(try Self.verify(path, head.at("")).at("problems/0/seq") == "4")
    }
  }

  @Test(
    "Records are read in pages, by review, and exported as lines", arguments: StoreKind.allCases)
  func reading(_ kind: StoreKind) throws {
    try withDesk(kind) { (desk: Desk) throws in
      let ids = try (0..<3).map { _ in try desk.open(#","thread":"t""#) }
      for id in ids + ids { desk.answer(id, "ana", id == ids[1] ? "reject" : "approve") }
      for id in ids { desk.answer(id, "bob") }
      func read(_ filter: String) throws -> String {
        let page = try desk.ask(.readAudit, "{\(filter)}")
        return page.items("records").map { $0.at("seq") }.joined() + "/" + page.at("next")
      }
      #expect(try read("") == "123456/6")
      #expect(try read(#""limit":2,"after":1"#) == "23/3")
      #expect(try read(#""review":"\#(ids[1])""#) == "25/6")
      #expect(try read(#""after":6"#) == "/6")
      let lines = String(decoding: try desk.engine.audit.export(bytes("{}")), as: UTF8.self)
      #expect(lines.hasSuffix("\n") && lines.split(separator: "\n").count == 6)
      let first = try JSONReader.read(bytes(String(lines.split(separator: "\n")[0])))
      #expect(first == (try desk.ask(.readAudit, "{}").find("records/0")))
      for (path, value) in [
        ("thread", "t"), ("action", "decision"), ("actor/value", "ana"), ("at", "1000000"),
        ("review", ids[0]), ("prev", String(repeating: "0", count: 64)),
        ("detail/outcome", "approved"), ("detail/verdict", "approve"),
      ] {
        #expect(first.at(path) == value)
      }
    }
  }

  @Test("A receipt says how it ended, to whoever trusts the key", arguments: StoreKind.allCases)
  func receipts(_ kind: StoreKind) throws {
    try withDesk(kind) { (desk: Desk) throws in
      let id = try desk.open()
      #expect(desk.status(.receipt, Desk.named(id)) == "CONFLICT")
      desk.answer(id, "ana")
      let receipt = try desk.engine.reviews.receipt(bytes(Desk.named(id)))
      let key = bytes(desk.engine.information.at("public_key"))
      #expect(try JSONReader.read(Receipt.verify(receipt, publicKey: key)).at("valid") == "true")
      let statement = try JSONReader.read(receipt)
      for (path, value) in [
        ("outcome", "approved"), ("status", "resolved"), ("review", id),
        ("decisions/0/actor/value", "ana"), ("audit/seq", "1"),
      ] {
        #expect(statement.at("receipt/" + path) == value)
      }
      let forged = String(decoding: receipt, as: UTF8.self)
        .replacing("\"approved\"", with: "\"rejected\"")
      for (text, key) in [
        (bytes(forged), key), (receipt, bytes("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")),
      ] {
        #expect(throws: EngineError.self) { try Receipt.verify(text, publicKey: key) }
      }
    }
  }

  @Test("A review that time has ended has its receipt too", arguments: StoreKind.allCases)
  func receiptOfSilence(_ kind: StoreKind) throws {
    try withDesk(kind) { (desk: Desk) throws in
      let id = try desk.open(#","expires_in":10"#)
      try desk.engine.setTime(Desk.start + 10)
      let receipt = try desk.ask(.receipt, Desk.named(id))
      #expect(receipt.at("receipt/status") + receipt.at("receipt/audit/seq") == "expired1")
      #expect(try desk.audit() == "expiry/timer")
    }
  }
}
