// Owns what the customer reads on a line display: the total, and the points that it brings.
import type { SessionSnapshot } from '#till/contract.ts';
import type { CoreToDevices } from '#till/deviceContract.ts';
import { formatMoney, type Language, say } from '#words/say.ts';

type Rows = readonly [string, string];

/** Two rows; the display cuts or pads them to its columns. */
export function displayRows(snapshot: SessionSnapshot, language: Language): Rows {
  const { basket, lastSale, workstation } = snapshot;
  const { currency, storeName } = workstation;
  if (snapshot.state === 'committed' && lastSale !== null) {
    const change = formatMoney(language, currency, lastSale.changeMinor);
    const balance = lastSale.balanceAfterPoints;
    return [
      say(language, 'display.change', { amount: change }),
      balance === null
        ? say(language, 'display.thanks', {})
        : say(language, 'display.balance', { points: balance }),
    ];
  }
  if (snapshot.state === 'locked' || basket.lineCount === 0) return [storeName, ''];
  const total = formatMoney(language, currency, basket.totalMinor);
  return [
    say(language, 'display.total', { amount: total }),
    basket.member === null ? '' : say(language, 'display.points', { points: basket.earnedPoints }),
  ];
}

/** Sends the rows whenever they say something new. */
export class CustomerDisplay {
  readonly #post: (message: CoreToDevices) => boolean;
  #shown: string = '';

  constructor(post: (message: CoreToDevices) => boolean) {
    this.#post = post;
  }

  /** Another display, or the same one opened anew, shows nothing yet. */
  forget(): void {
    this.#shown = '';
  }

  show(snapshot: SessionSnapshot, language: Language): void {
    const rows = displayRows(snapshot, language);
    const said = rows.join('\n');
    if (said === this.#shown) return;
    // Nobody was there to show it: it is tried again with the next change.
    if (this.#post({ type: 'display.show', rows })) this.#shown = said;
  }
}
