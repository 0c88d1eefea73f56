// Owns the words for a device's life: its state and what can go wrong (UnifiedPOS names in
// brackets).

/** absent → opening → ready → lost → opening …; `none` is a device that nobody configured. */
export type DeviceState = 'none' | 'absent' | 'opening' | 'ready' | 'lost';

export type DeviceErrorCode =
  | 'closed' // E_CLOSED
  | 'claimed-elsewhere' // E_CLAIMED
  | 'not-claimed' // E_NOTCLAIMED
  | 'not-permitted' // E_NOTCLAIMED; this user may not open the device
  | 'disabled' // E_DISABLED
  | 'no-hardware' // E_NOHARDWARE
  | 'unreachable' // E_NOHARDWARE; nothing answers at the network address
  | 'address-invalid' // E_ILLEGAL
  | 'offline' // E_OFFLINE
  | 'timeout' // E_TIMEOUT
  | 'busy' // E_BUSY
  | 'paper-out' // E_EXTENDED
  | 'cover-open' // E_EXTENDED
  | 'failure'; // E_FAILURE

export interface DeviceError {
  readonly code: DeviceErrorCode;
  /** For the log: the operating system's own words. */
  readonly detail: string;
}
