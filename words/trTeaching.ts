// Owns the Turkish words of teaching the till how its keyboard scanner types.
import type { enTeaching } from '#words/enTeaching.ts';

export const trTeaching: Readonly<Record<keyof typeof enTeaching, string>> = {
  'teach.title': 'Klavye okuyucusu',
  'teach.start': 'Deneme okutarak öğret',
  'teach.again': 'Yeniden okut',
  'teach.forget': 'Unut',
  'teach.scanThis': 'Bu kodu bir kez okutun, başka tuşa basmayın. Esc bitirir.',
  'teach.code': 'Deneme kodu {code}',
  'teach.layout': 'Ayarı',
  'teach.layout.us': 'ABD klavyesi',
  'teach.layout.uk': 'İngiliz klavyesi',
  'teach.layout.german': 'Alman klavyesi',
  'teach.layout.french': 'Fransız klavyesi',
  'teach.layout.turkish-q': 'Türkçe Q klavye',
  'teach.layout.turkish-f': 'Türkçe F klavye',
  'teach.prefix': 'Başı',
  'teach.nothing': 'Yok',
  'teach.ending.any': 'Enter ya da Sekme',
  'teach.ending.none': 'Yok (sessizlik)',
  'teach.ending.enter': 'Enter',
  'teach.ending.enter-twice': 'İki Enter',
  'teach.ending.tab': 'Sekme',
  'teach.digits': 'Rakamlar',
  'teach.digits.any': 'Her tuş',
  'teach.digits.row': 'Üst sıra',
  'teach.digits.number-pad': 'Sayı takımı',
  'teach.problem.nothing-typed':
    'Bir şey yazılmadı. Okuyucu takılı ve klavye gibi yazmaya ayarlı mı?',
  'teach.problem.code-not-found':
    'Başka bir kod okundu ya da okuyucu bu kasanın bilmediği bir klavyeye ayarlı. ABD ' +
    'klavyesine ayarlayın.',
  'teach.problem.scanned-twice': 'Kod iki kez okundu. Bir kez okutun.',
  'teach.problem.layout-ambiguous':
    'Birkaç klavye uyuyor. Okuyucu hangisine ayarlı? Kılavuzunda yazar.',
  'teach.problem.letter-case-changed':
    'Okuyucu bütün harfleri küçük ya da büyük yapıyor. Ayarından kapatın.',
  'teach.problem.caps-lock-on': 'Caps Lock açık. Kapatıp yeniden okutun.',
  'teach.problem.num-lock-off':
    'Num Lock kapalı, okuyucu ise sayı takımıyla yazıyor. Açıp yeniden okutun.',
  'teach.problem.prefix-ambiguous':
    'Koddan önce gelen, insanların da yazdığı bir şey. Ön ek koymayın ya da denetim ' +
    'karakteri koyun.',
  'teach.problem.suffix-unknown': 'Koddan sonra gelen anlaşılmadı. Son ek olarak Enter ayarlayın.',
  'teach.problem.too-slow': 'Okuyucu bir insandan hızlı yazmıyor. Tuşlar arası beklemeyi 0 yapın.',
};
