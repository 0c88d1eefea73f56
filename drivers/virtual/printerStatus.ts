// Owns the status bytes of the virtual printer, as printing.md §3.1 to §3.4 lays them out.

export interface PrinterConditions {
  readonly isCoverOpen: boolean;
  readonly isPaperOut: boolean;
  readonly isPaperNearEnd: boolean;
  /** A jam, to be cleared by hand. */
  readonly hasCutterError: boolean;
  /** A voltage or a memory that is wrong: power off and on. */
  readonly hasUnrecoverableError: boolean;
  /** Passes by itself. */
  readonly isHeadHot: boolean;
  readonly isFeedPressed: boolean;
  /** Level of the drawer connector's pin 3. */
  readonly isDrawerPinHigh: boolean;
}

export const goodConditions: PrinterConditions = {
  isCoverOpen: false,
  isPaperOut: false,
  isPaperNearEnd: false,
  hasCutterError: false,
  hasUnrecoverableError: false,
  isHeadHot: false,
  isFeedPressed: false,
  isDrawerPinHigh: false,
};

/** The conditions of `change`, and of `before` where it names none. */
export function mergeConditions(
  before: PrinterConditions,
  change: Partial<PrinterConditions>,
): PrinterConditions {
  return {
    isCoverOpen: change.isCoverOpen ?? before.isCoverOpen,
    isPaperOut: change.isPaperOut ?? before.isPaperOut,
    isPaperNearEnd: change.isPaperNearEnd ?? before.isPaperNearEnd,
    hasCutterError: change.hasCutterError ?? before.hasCutterError,
    hasUnrecoverableError: change.hasUnrecoverableError ?? before.hasUnrecoverableError,
    isHeadHot: change.isHeadHot ?? before.isHeadHot,
    isFeedPressed: change.isFeedPressed ?? before.isFeedPressed,
    isDrawerPinHigh: change.isDrawerPinHigh ?? before.isDrawerPinHigh,
  };
}

function hasError(conditions: PrinterConditions): boolean {
  const { hasCutterError, hasUnrecoverableError, isHeadHot } = conditions;
  return hasCutterError || hasUnrecoverableError || isHeadHot;
}

/** The parser of a stopped printer rests; its real-time side goes on. */
export function isStopped(conditions: PrinterConditions): boolean {
  return conditions.isCoverOpen || conditions.isPaperOut || hasError(conditions);
}

/** The answer to DLE EOT `query`. */
export function realTimeStatus(query: 1 | 2 | 3 | 4, conditions: PrinterConditions): number {
  const { isCoverOpen, isPaperOut, isPaperNearEnd } = conditions;
  const bit = (isSet: boolean, mask: number) => (isSet ? mask : 0);
  switch (query) {
    case 1:
      return (
        0x12 |
        bit(conditions.isDrawerPinHigh, 0x04) |
        bit(isStopped(conditions), 0x08) |
        bit(conditions.isFeedPressed, 0x40)
      );
    case 2:
      return (
        0x12 |
        bit(isCoverOpen, 0x04) |
        bit(conditions.isFeedPressed, 0x08) |
        bit(isPaperOut, 0x20) |
        bit(hasError(conditions), 0x40)
      );
    case 3:
      return 0x12 | errorBits(conditions);
    case 4:
      return 0x12 | bit(isPaperNearEnd || isPaperOut, 0x0c) | bit(isPaperOut, 0x60);
  }
}

/** The same bits in DLE EOT 3 and in the second byte of automatic status. */
function errorBits(conditions: PrinterConditions): number {
  return (
    (conditions.hasCutterError ? 0x08 : 0) |
    (conditions.hasUnrecoverableError ? 0x20 : 0) |
    (conditions.isHeadHot ? 0x40 : 0)
  );
}

/** The four bytes that GS a asks for. */
export function automaticStatus(conditions: PrinterConditions): [number, number, number, number] {
  const printer =
    0x10 |
    (conditions.isDrawerPinHigh ? 0x04 : 0) |
    (isStopped(conditions) ? 0x08 : 0) |
    (conditions.isCoverOpen ? 0x20 : 0) |
    (conditions.isFeedPressed ? 0x40 : 0);
  const errors = errorBits(conditions) | (conditions.isFeedPressed ? 0x02 : 0);
  return [printer, errors, paperSensor(conditions), 0];
}

/** What `GS a mask` wants to hear of: drawer, on line, errors, paper, panel switch. */
export function watchedBits(mask: number, conditions: PrinterConditions): string {
  const { isDrawerPinHigh, isFeedPressed } = conditions;
  return JSON.stringify([
    (mask & 0x01) !== 0 && isDrawerPinHigh,
    (mask & 0x02) !== 0 && [isStopped(conditions), conditions.isCoverOpen],
    (mask & 0x04) !== 0 && errorBits(conditions),
    (mask & 0x08) !== 0 && paperSensor(conditions),
    (mask & 0x40) !== 0 && isFeedPressed,
  ]);
}

/** The answer to GS r 1. */
export function paperSensor(conditions: PrinterConditions): number {
  const { isPaperOut, isPaperNearEnd } = conditions;
  return (isPaperNearEnd || isPaperOut ? 0x03 : 0) | (isPaperOut ? 0x0c : 0);
}

/**
 * The offline response of GS ( H function 49. Which bit of the cause means what differs by model;
 * here it is the cause of DLE EOT 2, moved to where the manual wants it (40h to 7Fh).
 */
export function offlineResponse(conditions: PrinterConditions, hasCause: boolean): number[] {
  const cause = 0x40 | ((realTimeStatus(2, conditions) >> 2) & 0x1f);
  return [0x37, 0x23, ...(hasCause ? [cause] : []), 0x00];
}
