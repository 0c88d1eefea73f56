// Owns the German words on receipts, for members who read German; the screen has none.
import type { Key } from '#words/en.ts';

export type PaperKey = Extract<Key, `why.${string}` | `receipt.${string}`>;

export const dePaper: Readonly<Record<PaperKey, string>> = {
  'why.earn.base': '{amountMinor} × {rate} × {multiplier} {tierName}',
  'why.earn.base.plain': '{amountMinor} × {rate}',
  'why.earn.productType': '{name}: {amountMinor} × {rate} × {multiplier} {tierName}',
  'why.earn.productType.plain': '{name}: {amountMinor} × {rate}',
  'why.earn.units': '{name}: {units, number} × {rate} × {multiplier} {tierName}',
  'why.earn.units.plain': '{name}: {units, number} × {rate}',
  'why.earn.band': '{name}: {points, plural, one {# Punkt} other {# Punkte}} für {amountMinor}',
  'why.earn.fixed': '{name}: {points, plural, one {# Punkt} other {# Punkte}}',
  'why.earn.visit': '{name}: {points, number} für diesen Besuch',
  'why.earn.streak': '{name}: {weeks, plural, one {# Woche} other {# Wochen}} in Folge',
  'why.earn.challenge':
    '{name}: {units, number} in {withinDays, plural, one {# Tag} other {# Tagen}}',
  'why.earn.referral.friend':
    '{name}: {points, plural, one {# Punkt} other {# Punkte}} fürs Kommen',
  'why.earn.referral.referrer':
    '{name}: {points, plural, one {# Punkt} other {# Punkte}} für einen geworbenen Freund',
  'why.earn.lucky':
    '{name}: {points, plural, one {# Punkt} other {# Punkte}}, einer von {oneIn, number}',
  'why.earn.share': '{name}: ein Teil dieses Einkaufs geht dorthin',
  'why.earn.multiplier': '{name}: {base, number} × {multiplier}',
  'why.earn.capped': 'Grenze erreicht: {points, number} von {uncapped, number} Punkten',
  'why.convert.account': '{name}: {amountMinor}',
  'why.convert.charity': '{name}: {amountMinor} gespendet',
  'why.tender.stored-value': '{amountMinor} mit Guthaben bezahlt',
  'why.membership': '{name} beginnt',
  'why.top-up': '{amountMinor} eingezahlt',
  'why.sale': 'Dieser Einkauf',
  'why.redeem.ladder':
    '{amountOffMinor} Rabatt für {points, plural, one {# Punkt} other {# Punkte}}',
  'why.discount.amount': '{name}: {amountMinor} Rabatt',
  'why.discount.percent': '{name}: {percent} % sind {amountMinor} Rabatt',
  'why.discount.free-units':
    '{name}: {units, plural, one {# Stück} other {# Stück}} gratis, {amountMinor} Rabatt',
  'why.discount.fixed-price': '{name}: je {unitPriceMinor}, {amountMinor} Rabatt',
  'why.redeem.points':
    '{name}: {amountOffMinor} Rabatt für {points, plural, one {# Punkt} other {# Punkte}}',
  'why.redeem.item': '{name} für {points, plural, one {# Punkt} other {# Punkte}}',
  'why.gift': '{name}: {units, plural, one {# Stück} other {# Stück}} dazu',
  'why.reversal.void': 'Verkauf {receiptNumber} ist storniert',
  'why.adjustment': 'Korrektur der Zentrale',
  'why.import': 'Aus dem alten System übernommen',

  'why.expiry': '{points, plural, one {# Punkt} other {# Punkte}} verfallen',
  'why.expiry.money': '{amountMinor} verfallen',
  'why.return.takenBack':
    'Ware kam zurück: {points, plural, one {# Punkt} other {# Punkte}} weniger',
  'why.return.givenBack':
    'Ware kam zurück: {points, plural, one {# Punkt} other {# Punkte}} wieder da',
  'why.return.unqualified':
    'Nicht mehr erreicht: {points, plural, one {# Punkt} other {# Punkte}} weniger',
  'why.return.takenBack.money': 'Ware kam zurück: {amountMinor} weniger',
  'why.return.givenBack.money': 'Ware kam zurück: {amountMinor} wieder da',
  'why.return.unqualified.money': 'Nicht mehr erreicht: {amountMinor} weniger',
  'why.return.forgotten': 'Zählt nicht mehr: Ware kam zurück',
  'why.tier.reached': 'Stufe {name} erreicht',
  'why.tier.kept': 'Ab jetzt Stufe {name}',
  'why.event': '{name}: {points, plural, one {# Punkt} other {# Punkte}}',
  'why.enrolment': '{name}: {points, plural, one {# Punkt} other {# Punkte}}',
  'why.goodwill': 'Kulanz, {name}: {points, plural, one {# Punkt} other {# Punkte}}',
  'why.transfer.given':
    '{points, plural, one {# Punkt} other {# Punkte}} einem anderen Mitglied gegeben',
  'why.transfer.received':
    '{points, plural, one {# Punkt} other {# Punkte}} von einem anderen Mitglied erhalten',
  'why.late-claim': 'Später mit dem Code des Bons gutgeschrieben',
  'why.counted': 'Gezählt, damit es nur einmal geschieht',
  'why.once': 'Von Kassen ohne Leitung zweimal gegeben: das zweite entfällt',

  'receipt.till': 'Kasse {till}',
  'receipt.operator': 'Es bediente Sie',
  'receipt.receiptNumber': 'Bon',
  'receipt.amountLine': 'Betrag',
  'receipt.weighed': '{weight} kg x {unitPriceMinor}',
  'receipt.subtotal': 'Zwischensumme',
  'receipt.discount': 'Punkteprämie',
  'receipt.total': 'SUMME',
  'receipt.tender.cash': 'Bar',
  'receipt.tender.card': 'Karte',
  'receipt.tender.voucher': 'Gutschein',
  'receipt.change': 'Rückgeld',
  'receipt.tax': 'darin {rate} % MwSt.',
  'receipt.member': 'Mitglied',
  'receipt.earned': 'Punkte dieses Einkaufs',
  'receipt.redeemed': 'Eingelöste Punkte',
  'receipt.balance': 'Punktestand',
  'receipt.balanceAsOf':
    'Von der Zentrale bestätigt am {time}. Spätere Einkäufe anderswo sind nicht enthalten.',
  'receipt.balanceNeverConfirmed': 'Die Zentrale hat diesen Stand noch nicht bestätigt.',
  'receipt.tier': 'Stufe',
  'receipt.tierProgress': '{havePoints, number}/{needPoints, number}',
  'receipt.tierMissing':
    'noch {missingPoints, plural, one {# Punkt} other {# Punkte}} bis {tierName}',
  'receipt.tierMissingMoney': 'noch {missingMinor} bis {tierName}',
  'receipt.rounding': 'Rundung',
  'receipt.rewardReady': '{name}: Ihre Punkte reichen',
  'receipt.rewardNext': 'noch {missingPoints, plural, one {# Punkt} other {# Punkte}}: {name}',
  'receipt.pointsWaiting':
    '{points, plural, one {# Punkt wartet} other {# Punkte warten}} auf Sie: in ' +
    '{days, plural, one {# Tag} other {# Tagen}} Mitglied werden und diesen Code zeigen.',
  'receipt.slipIssuedBy': 'Ausgabe: {issuedBy}',
  'receipt.slipUntil': 'Gültig bis {time}',
  'receipt.copy': 'KOPIE {n}',
  'receipt.void': 'STORNO',
  'receipt.pointsTakenBack': 'Zurückgenommene Punkte',
  'receipt.pointsGivenBack': 'Zurückgegebene Punkte',
};
