// Owns the Turkish words for what moves points besides buying: returns, levels, gifts, lapsing.
import type { enMoves } from '#words/enMoves.ts';

export const trMoves: Readonly<Record<keyof typeof enMoves, string>> = {
  'why.expiry': '{points, plural, other {# puan}} süresi doldu',
  'why.return.takenBack': 'Ürün iade edildi: {points, plural, other {# puan}} geri alındı',
  'why.return.givenBack': 'Ürün iade edildi: {points, plural, other {# puan}} geri verildi',
  'why.return.unqualified': 'Koşul artık sağlanmıyor: {points, plural, other {# puan}} geri alındı',
  'why.return.takenBack.money': 'Ürün iade edildi: {amountMinor} geri alındı',
  'why.return.givenBack.money': 'Ürün iade edildi: {amountMinor} geri verildi',
  'why.return.unqualified.money': 'Koşul artık sağlanmıyor: {amountMinor} geri alındı',
  'why.return.forgotten': 'Ürün iade edildi, artık sayılmıyor',
  'why.tier.reached': '{name} seviyesine ulaşıldı',
  'why.tier.kept': 'Bundan sonra {name} seviyesi',
  'why.event': '{name}: {points, plural, other {# puan}}',
  'why.enrolment': '{name}: {points, plural, other {# puan}}',
  'why.goodwill': 'Gönül alma, {name}: {points, plural, other {# puan}}',
  'why.transfer.given': 'Başka bir üyeye {points, plural, other {# puan}} verildi',
  'why.transfer.received': 'Başka bir üyeden {points, plural, other {# puan}} geldi',
  'why.late-claim': 'Fiş koduyla sonradan alındı',
  'why.expiry.money': '{amountMinor} süresi doldu',
  'why.counted': 'Bir kez olsun diye sayıldı',
  'why.once': 'Hattı kopuk kasalarca iki kez verildi: ikincisi geri alındı',
};
