// Owns the English words for what moves points besides buying: returns, levels, gifts, lapsing.

export const enMoves = {
  'why.expiry': '{points, plural, one {# point} other {# points}} lapsed',
  'why.return.takenBack': 'Goods came back: {points, plural, one {# point} other {# points}} less',
  'why.return.givenBack':
    'Goods came back: {points, plural, one {# point} other {# points}} back again',
  'why.return.unqualified':
    'No longer reached: {points, plural, one {# point} other {# points}} less',
  'why.return.takenBack.money': 'Goods came back: {amountMinor} less',
  'why.return.givenBack.money': 'Goods came back: {amountMinor} back again',
  'why.return.unqualified.money': 'No longer reached: {amountMinor} less',
  'why.return.forgotten': 'No longer counts: goods came back',
  'why.tier.reached': 'Level {name} reached',
  'why.tier.kept': 'Level {name} from now on',
  'why.event': '{name}: {points, plural, one {# point} other {# points}}',
  'why.enrolment': '{name}: {points, plural, one {# point} other {# points}}',
  'why.goodwill': 'Goodwill, {name}: {points, plural, one {# point} other {# points}}',
  'why.transfer.given': '{points, plural, one {# point} other {# points}} given to another member',
  'why.transfer.received':
    '{points, plural, one {# point} other {# points}} received from another member',
  'why.late-claim': 'Claimed later with the code of the receipt',
  'why.expiry.money': '{amountMinor} lapsed',
  'why.counted': 'Counted, so that it happens once',
  'why.once': 'Given twice by tills without a line: the second one goes',
} as const;
