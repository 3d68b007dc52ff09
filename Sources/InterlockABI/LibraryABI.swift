public import CInterlock
import Interlock
import InterlockStore

@_cdecl("interlock_library_version") @implementation
public func interlock_library_version() -> UnsafePointer<CChar>? {
  staticText(Engine.versionText)
}

@_cdecl("interlock_library_abi") @implementation
public func interlock_library_abi() -> UInt32 {
  UInt32(INTERLOCK_ABI_VERSION)
}

@_cdecl("interlock_status_name") @implementation
public func interlock_status_name(_ status: interlock_status) -> UnsafePointer<CChar>? {
  staticText(Status(rawValue: status)?.name ?? "UNKNOWN")
}

@_cdecl("interlock_error_free") @implementation
public func interlock_error_free(_ error: UnsafeMutablePointer<interlock_error>?) {
  LiveResults.free(error, .error)
}

@_cdecl("interlock_buffer_free") @implementation
public func interlock_buffer_free(_ buffer: UnsafeMutablePointer<interlock_buffer>?) {
  LiveResults.free(buffer, .buffer)
}

/// The bytes of a literal, which live as long as the library and end with a NUL.
private func staticText(_ text: StaticString) -> UnsafePointer<CChar>? {
  UnsafeRawPointer(text.utf8Start).assumingMemoryBound(to: CChar.self)
}
