// Owns what the till knows of a member, and the tier that follows from it.

/** Personal data is kept to what a cashier needs: no address, phone or mail (ledger-sync.md §8). */
export interface Member {
  /** Random id; never derived from personal data. */
  readonly memberId: string;
  readonly cardNumber: string;
  readonly displayName: string;
  /** Spendable points; may be below zero after a return. */
  readonly balancePoints: number;
  /** Points ever issued less those taken back: what tiers are measured by. */
  readonly tierPoints: number;
  readonly isBlocked: boolean;
}

/** How far the balance can be trusted. */
export interface Standing {
  /** When head office last confirmed the balance, or null if never. */
  readonly asOfMs: number | null;
}
