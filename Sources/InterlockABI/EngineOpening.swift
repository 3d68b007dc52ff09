import CInterlock
import Interlock
import InterlockCore
import InterlockCrypto
import InterlockSQLite
import InterlockStore

/// The arguments of `interlock_engine_open`, and which driver they ask for.
struct EngineOpening {
  /// The size of the options before the clock and the key were appended.
  private static let firstSize = 40

  private let url: String
  private let options: interlock_engine_options
  private var sqlite = SQLiteOptions()
  private var clock = EngineClock.system
  private var key: SigningKey?

  init(
    _ url: UnsafePointer<CChar>?, _ size: Int, _ options: UnsafePointer<interlock_engine_options>?
  ) throws(Failure) {
    let text = try Argument.text(url, size, "url", limit: Limits.pathBytes)
    guard !text.isEmpty, !text.utf8.contains(0) else {
      throw Failure(.invalidArgument, "url is empty or contains a NUL", path: "url")
    }
    self.url = text.string
    self.options =
      options == nil
      ? interlock_engine_options()
      : try Argument.structure(
        options, "options", first: Self.firstSize, empty: interlock_engine_options())
    try readOptions()
    try readClockAndKey()
  }

  private mutating func readClockAndKey() throws(Failure) {
    let isManual = options.flags & INTERLOCK_OPEN_MANUAL_CLOCK != 0
    guard 0...Deadline.last ~= options.manual_time_ms, isManual || options.manual_time_ms == 0
    else {
      throw Failure(
        .invalidArgument, "options.manual_time_ms is out of range, or the clock is not manual",
        path: "options.manual_time_ms")
    }
    if isManual { clock = EngineClock(startingAt: options.manual_time_ms) }
    let seed = try Argument.bytes(
      options.signing_key, "options.signing_key", limit: Limits.idBytes)
    guard !seed.isEmpty else { return }
    key = SigningKey(seed: seed)
    guard key != nil else {
      throw Failure(
        .invalidArgument, "options.signing_key has not 32 bytes", path: "options.signing_key")
    }
  }

  private mutating func readOptions() throws(Failure) {
    let known =
      INTERLOCK_OPEN_READ_ONLY | INTERLOCK_OPEN_EXISTING | INTERLOCK_OPEN_MANUAL_CLOCK
      | INTERLOCK_OPEN_TIMER
    try Argument.flags(options.flags, known: known, "options.flags")
    switch options.durability {
    case INTERLOCK_DURABILITY_FULL: sqlite.durability = .full
    case INTERLOCK_DURABILITY_NORMAL: sqlite.durability = .normal
    default:
      throw Failure(
        .unsupported, "options.durability is unknown", path: "options.durability")
    }
    sqlite.isReadOnly = options.flags & INTERLOCK_OPEN_READ_ONLY != 0
    sqlite.mustExist = options.flags & (INTERLOCK_OPEN_EXISTING | INTERLOCK_OPEN_READ_ONLY) != 0
    if options.busy_timeout_ms > 0 { sqlite.busyMilliseconds = options.busy_timeout_ms }
    guard options.max_database_bytes == 0 || options.max_database_bytes >= 65536 else {
      throw Failure(
        .invalidArgument, "options.max_database_bytes is less than 65536",
        path: "options.max_database_bytes")
    }
    sqlite.maximumBytes = options.max_database_bytes
    guard options.max_value_bytes <= UInt64(Limits.valueBytes) else {
      throw Failure(
        .tooLarge, "options.max_value_bytes is more than \(Limits.valueBytes)",
        path: "options.max_value_bytes")
    }
  }

  func open() throws(Failure) -> Engine {
    let cache = options.cache_bytes == 0 ? 64 << 20 : Int(clamping: options.cache_bytes)
    let value = options.max_value_bytes == 0 ? Limits.valueBytes : Int(options.max_value_bytes)
    do throws(StoreError) {
      return Engine(
        try store(), cacheBytes: cache, maximumValueBytes: value, clock: clock,
        keys: EngineKeys(key), hasTimer: options.flags & INTERLOCK_OPEN_TIMER != 0)
    } catch {
      throw Failure(error)
    }
  }

  private var isInMemory: Bool {
    url == "memory:" || url == ":memory:" || url == "sqlite::memory:"
  }

  private func store() throws(StoreError) -> AnyStore {
    if isInMemory, sqlite.mustExist {
      throw StoreError(
        .invalidArgument, "options.flags asks for a file that exists, url is a store in memory",
        path: "options.flags")
    }
    if url == "memory:" { return .memory() }
    if url.hasPrefix("sqlite:") {
      return try .sqlite(path: String(url.dropFirst("sqlite:".count)), options: sqlite)
    }
    let scheme = url.prefix { $0 != ":" }
    if url.dropFirst(scheme.count).hasPrefix("://"), !scheme.contains("/") {
      throw StoreError(
        .unsupported, "url has the scheme \(scheme), which this version does not know",
        path: "url")
    }
    return try .sqlite(path: url, options: sqlite)
  }
}
