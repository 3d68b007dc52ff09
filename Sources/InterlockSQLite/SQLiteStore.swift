import CSQLite
public import InterlockStore

/// The embedded store: one SQLite file, any number of threads and processes.
package final class SQLiteStore: Sendable {
  /// As the caller wrote it.
  let name: String
  let settings: SQLiteConnection.Settings
  let writer: GroupCommit
  /// Nil in memory: there the writing connection is the only one.
  let readers: ReaderPool?
  let occupancy = Occupancy()
  let isOrderedAcrossThreads = Locked(false)
  /// Made when it is first needed: who only keeps checkpoints leaves no file beside the database.
  let signal: Lazy<ChangeSignal>
  let durability: Durability
  let isReadOnly: Bool

  /// Opens or creates a database.
  ///
  /// - Parameters:
  ///   - path: a file, or `:memory:`.
  ///   - options: how to open it.
  /// - Throws: `cannotOpen`, `foreignFile`, `newerSchema`, `readOnly`, `busy`, `diskFull`,
  ///   `inputOutput`, `corrupt`; `unsupported` if the SQLite of this machine is not fit.
  package init(path: String, options: SQLiteOptions = SQLiteOptions()) throws(StoreError) {
    ForkGate.inside { ConnectionRegistry.abandonInherited() }
    let isInMemory = path == ":memory:"
    settings = SQLiteConnection.Settings(
      path: isInMemory ? path : Self.literalPath(path), isReadOnly: options.isReadOnly,
      mustExist: options.mustExist, maximumBytes: options.maximumBytes)
    durability = options.durability
    name = path
    signal = Lazy { [settings] in
      isInMemory ? ChangeSignal() : ChangeSignal(besideDatabase: settings.path)
    }
    let open: @Sendable () throws(StoreError) -> SQLiteConnection = {
      [settings, durability] () throws(StoreError) in
      try SQLiteConnection.openForWriting(
        settings, durability: durability,
        patience: Patience(milliseconds: options.busyMilliseconds))
    }
    let first: SQLiteConnection
    do throws(StoreError) {
      try SQLiteLibrary.refuseUnfit()
      first = try open()
    } catch {
      throw StoreError(error.code, "url \(path): \(error.message)", path: "url")
    }
    isReadOnly = first.isReadOnly
    // A new file is going to be written; an old one is mostly opened to be read first.
    let isForReading = !isInMemory && !first.isNew
    writer = GroupCommit(
      isForReading ? nil : first, busyMilliseconds: options.busyMilliseconds,
      isDurable: durability == .full, open: open)
    readers =
      isInMemory ? nil : ReaderPool(settings, busyMilliseconds: options.busyMilliseconds)
    if isForReading { readers?.give(back: first) }
  }

  /// SQLite reads names like `:memory:` and `file:...` in its own way; a path is only a path.
  private static func literalPath(_ path: String) -> String {
    path.hasPrefix("/") ? path : "./" + path
  }
}

extension AnyStore {
  /// A store in a SQLite file, or in memory for the path `:memory:`.
  ///
  /// Any number of threads and processes may use one file. Since 0.1.
  ///
  /// - Parameters:
  ///   - path: the file; created if it does not exist.
  ///   - options: durability, patience and limits.
  /// - Returns: the open store.
  /// - Throws: `cannotOpen`, `foreignFile`, `newerSchema`, `readOnly`, `busy`, `diskFull`,
  ///   `inputOutput`, `corrupt`; `unsupported` if the SQLite of this machine is not fit.
  public static func sqlite(
    path: String, options: SQLiteOptions = SQLiteOptions()
  ) throws(StoreError) -> AnyStore {
    AnyStore(try SQLiteStore(path: path, options: options))
  }
}

/// How to open a SQLite store.
public struct SQLiteOptions: Sendable {
  public var durability: Durability = .full
  public var isReadOnly = false
  public var mustExist = false
  /// How long a call waits for other processes.
  public var busyMilliseconds: UInt32 = 30_000
  /// The file is never made larger; 0 is no limit.
  public var maximumBytes: UInt64 = 0

  public init() {}
}
