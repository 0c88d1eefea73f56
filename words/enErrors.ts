// Owns the English sentences for what went wrong: what happened, what is safe, what to do.

export const enErrors = {
  'error.invalid-request': 'The till did not accept that entry. The sale is unchanged. Try again.',
  'error.unknown-method':
    'This screen is older than the till. Close the program and start it again.',
  'error.version-mismatch':
    'This screen and the till do not match. The sale is safe. Restart the program to update.',
  'error.forbidden': 'This screen may not do that. Ask a manager.',
  'error.operator-required': 'The till is locked. The sale is kept. Enter your PIN.',
  'error.manager-required': 'A manager must do this. Ask a manager to enter their PIN.',
  'error.pin-wrong':
    'That PIN is not right. {triesLeft, plural, one {# try is left} other {# tries are left}}.',
  'error.pin-locked':
    'Too many wrong PINs. The sale is kept. ' +
    'Try again in {seconds, plural, one {# second} other {# seconds}}.',
  'error.member-unknown':
    'No member has that card number. Check the digits, or sell without points.',
  'error.member-blocked':
    'This card is blocked. The sale goes on without points. Send the customer to the help desk.',
  'error.card-unreadable': 'The card could not be read. Scan it again or type the number.',
  'error.product-unknown':
    'This shop does not know that product. Search for it, or sell it as an amount.',
  'error.points-insufficient':
    'Not enough points for this reward. The sale is unchanged. Choose a smaller reward.',
  'error.redemption-cap-offline':
    'Head office does not answer, and no more points can be spent without it. ' +
    'The points are safe. Finish the sale without the reward; points are still collected.',
  'error.redemption-refused':
    'Head office says that these points are already spent. ' +
    'The sale is unchanged. Finish it without the reward.',
  'error.reward-unavailable': 'This reward does not fit this sale now. The sale is unchanged.',
  'error.basket-empty': 'There is nothing to sell yet. Add a product or an amount.',
  'error.basket-full': 'This sale is full. Finish it and start a new one for the rest.',
  'error.basket-changed':
    'The sale changed while you were paying. Nothing was charged. Check the total and pay again.',
  'error.line-is-piece':
    'A piece from the scale is one line. Scan the label of the next piece, or remove this line.',
  'error.quantity-out-of-range': 'The quantity must be between 1 and 999. The line is unchanged.',
  'error.amount-out-of-range': 'That amount cannot be sold. Enter a smaller one, above zero.',
  'error.line-unknown': 'That line is no longer in the sale.',
  'error.rewards-claimed': 'Points are being used in this sale. Take the reward out first.',
  'error.line-gated':
    'This sale holds something that this customer cannot buy: {name}. ' +
    'Scan the right card, or take the line out.',
  'error.staff-card':
    'This is your own card. It cannot collect on a customer’s sale. The sale is unchanged.',
  'error.gift-limit': 'No more can be given today: {left, number} points are left. Ask a manager.',
  'error.gift-refused': 'This cannot be given to this member now. Nothing was given.',
  'error.claim-needs-member': 'Scan the member card first, then the code of the receipt.',
  'error.claim-too-late': 'This receipt is too old: its points can no longer be collected.',
  'error.claim-done': 'The points of this receipt belong to somebody already, or it is void.',
  'error.tender-insufficient': 'This does not cover the total. Nothing was charged. Add the rest.',
  'error.tender-not-cash-over':
    'Only cash can be more than the total. Nothing was charged. Lower the card or voucher amount.',
  'error.transaction-conflict':
    'This sale was already saved with other contents. It counts once. Start a new sale.',
  'error.sale-unknown': 'That sale is not on this till.',
  'error.void-not-allowed': 'Only the last sale of this till and this day can be voided.',
  'error.already-voided': 'That sale is already void. Nothing was changed.',
  'error.print-job-unknown': 'That receipt is no longer waiting. Reprint it if it is needed.',
  'error.drawer-unavailable':
    'The drawer cannot be reached through the printer. Open it with the key.',
  'error.day-already-closed': 'This day is already closed. Its report can be printed again.',
  'error.store-unavailable':
    'The till cannot write to its disk. Saved sales are safe. ' +
    'Do not sell on this till; call support.',
  'error.busy': 'The till is busy with the last request. Wait a moment and try again.',

  'notice.staff-card':
    'This is the card of whoever is serving: it collects nothing on a customer’s sale.',
  'notice.backup-failed':
    'The day is closed, but no copy of the books could be made. Have the disk checked.',
  'notice.gift-given': '{points, plural, one {# point} other {# points}} given.',
  'notice.code-added': 'Code {code} is taken.',
  'notice.partner-card': 'Partner card, {name}: what this sale gives goes there.',
  'notice.card-unknown':
    'No member has card {number}. Sell without points, or check the number with F2.',
  'notice.card-wrong-check-digit':
    'Card {number} is not a valid number: its check digit is wrong. Scan it again or type it.',
  'notice.card-wrong-length':
    'Card {number} has too few or too many digits. Scan it again or type it with F2.',
  'notice.card-typed-unreadable':
    '{number} is not a card number of this shop. Compare it with the card and type it again.',
  'notice.card-unreadable': 'That scan could not be read. Scan it again or type the number.',
  'notice.coupon-refused':
    'That is a coupon of a manufacturer. This till cannot redeem it: go on selling, and ask a ' +
    'manager if the customer insists.',
  'notice.case-code': '{number} is the code of a whole case. Scan the item itself.',
  'notice.scale-label-wrong':
    'The price or weight on label {number} is missing or wrong. Weigh the item again.',
  'notice.product-unknown':
    'No product has barcode {barcode}. Search with F3, or sell it as an amount.',
  'notice.member-blocked':
    'This card is blocked. Sell without points, and send the customer to the help desk.',
  'notice.scan-while-locked': 'The till is locked: the scan was not taken. Enter your PIN first.',
  'notice.scan-too-long': 'That scan was too long and was dropped. Scan it again.',
  'notice.scan-overflow': 'Too many scans at once. The last one was dropped: scan it again.',
  'notice.scanner-lost': 'The scanner is unplugged. Type card numbers with F2 until it is back.',
  'notice.scanner-back': 'The scanner is back.',
  'notice.redemption-offline-refused':
    'Head office does not answer, so points cannot be spent now. ' +
    'The points are safe, and this sale still collects points.',
  'notice.drawer-unknown': 'The drawer may not have opened. Look at it, and use the key if needed.',
  'notice.receipt-unprintable':
    'This printer cannot print receipt {receiptNumber}. ' +
    'The sale is safe; the next receipts print. Call support.',
  'notice.report-unprintable':
    'This printer cannot print this report. What was sold is safe. Call support.',
  'notice.clock-suspect':
    'The clock of this till stands before its last sale. Selling goes on. Have the clock checked.',

  'sync.problem.newEpoch':
    'Head office says that another till uses this till’s number. ' +
    'Sales are saved and sent; nothing is counted twice. Call support.',
  'sync.problem.unauthorised':
    'Head office does not accept this till’s key. Sales are saved here and wait. Call support.',
  'sync.problem.programme':
    'Head office sent rules this till cannot read. It goes on with its old ones. Tell head office.',
  'sync.problem.protocol':
    'Head office answered in a way this till does not understand. ' +
    'Sales are saved here and are sent again later. Call support if it stays.',
  'sync.problem.parked':
    'Head office has {count, plural, one {# entry} other {# entries}} it could not book. ' +
    'Nothing is lost and selling goes on. Tell support.',

  'printer.none': 'No printer',
  'printer.ready': 'Printer ready',
  'printer.printing': 'Printing',
  'printer.paper-out': 'Paper is out',
  'printer.cover-open': 'Printer open',
  'printer.offline': 'Printer offline',
  'printer.error': 'Printer fault',
  'printer.blocked.paper-out':
    'Paper is out. Put in a new roll; the receipt then prints by itself.',
  'printer.blocked.cover-open': 'The printer is open. Close it; the receipt then prints by itself.',
  'printer.blocked.offline':
    'The printer does not answer. Check its cable and power; the receipt waits and is not lost.',
  'printer.blocked.error':
    'The printer has a fault. Turn it off and on; the receipt waits and is not lost.',
  'printer.blocked.error.cutter':
    'The cutter is stuck. Take out the paper that jams it, then turn the printer off and on.',
  'printer.blocked.error.unrecoverable':
    'The printer must be turned off and on. If it says so again, it needs repair.',
  'printer.blocked.error.auto-recoverable':
    'The printer is too hot. It goes on by itself when it has cooled down.',
  'printer.blocked.error.other':
    'The printer has a fault that it does not explain. Turn it off and on; the receipt waits.',

  'fault.in-use':
    'Another till program has this till’s data open. Close the other one, then start again.',
  'fault.newer':
    'A newer version of Puan wrote this till’s data. Install that version; nothing was changed.',
  'fault.damaged':
    'This till’s data file is damaged. Nothing was deleted. Call support; do not sell here.',
  'fault.corrupt':
    'This till’s data file is damaged. Nothing was deleted. Call support; do not sell here.',
  'fault.migration-failed':
    'The update of this till’s data failed and was taken back. Nothing was lost. Call support.',
  'fault.cannot-open': 'The till cannot open its data file. Nothing was deleted. Call support.',
  'fault.shop-file': 'The shop’s settings file has a mistake. Nothing was lost. Call support.',
  'fault.disk-full':
    'This till’s disk is full. Saved sales are safe. Free some space; do not sell here until then.',
  'fault.read-only': 'This till may not write to its disk. Saved sales are safe. Call support.',
  'fault.busy':
    'Another program holds this till’s data. Saved sales are safe. Wait a moment and try again.',
  'fault.io':
    'This till’s disk does not answer well. Saved sales are safe. Do not sell here; call support.',
} as const;
