// Owns the Turkish sentences for what went wrong: what happened, what is safe, what to do.
import type { enErrors } from '#words/enErrors.ts';

export const trErrors: Readonly<Record<keyof typeof enErrors, string>> = {
  'error.invalid-request': 'Kasa bu girişi kabul etmedi. Satış değişmedi. Tekrar deneyin.',
  'error.unknown-method': 'Bu ekran kasadan eski. Programı kapatıp yeniden açın.',
  'error.version-mismatch':
    'Bu ekran ile kasa birbirine uymuyor. Satış güvende. Programı yeniden başlatıp güncelleyin.',
  'error.forbidden': 'Bu ekran bunu yapamaz. Müdüre sorun.',
  'error.operator-required': 'Kasa kilitli. Satış duruyor. PIN girin.',
  'error.manager-required': 'Bunu bir müdür yapmalı. Müdürden PIN girmesini isteyin.',
  'error.pin-wrong': 'PIN doğru değil. {triesLeft, plural, other {# deneme}} kaldı.',
  'error.pin-locked':
    'Çok fazla yanlış PIN. Satış duruyor. {seconds, plural, other {# saniye}} sonra deneyin.',
  'error.member-unknown': 'Bu kart numarasıyla üye yok. Rakamlara bakın ya da puansız satış yapın.',
  'error.member-blocked':
    'Bu kart kapatılmış. Satış puansız sürer. Müşteriyi danışmaya yönlendirin.',
  'error.card-unreadable': 'Kart okunamadı. Yeniden okutun ya da numarayı yazın.',
  'error.product-unknown': 'Bu ürün kayıtlı değil. Arayın ya da tutar olarak satın.',
  'error.points-insufficient':
    'Bu ödül için puan yetmiyor. Satış değişmedi. Daha küçük bir ödül seçin.',
  'error.redemption-cap-offline':
    'Merkez yanıt vermiyor ve merkezsiz daha fazla puan harcanamaz. Puanlar güvende. ' +
    'Satışı ödülsüz bitirin; puan yine kazanılır.',
  'error.redemption-refused':
    'Merkez bu puanların harcanmış olduğunu söylüyor. Satış değişmedi. Ödülsüz bitirin.',
  'error.reward-unavailable': 'Bu ödül şu an bu satışa uymuyor. Satış değişmedi.',
  'error.basket-empty': 'Henüz satılacak bir şey yok. Ürün ya da tutar ekleyin.',
  'error.basket-full': 'Bu satış dolu. Bitirin, kalanı için yeni satış açın.',
  'error.basket-changed':
    'Ödeme sırasında satış değişti. Hiçbir şey alınmadı. Toplama bakıp yeniden ödeyin.',
  'error.line-is-piece':
    'Tartılan parça tek satırdır. Sonraki parçanın etiketini okutun ya da satırı silin.',
  'error.quantity-out-of-range': 'Adet 1 ile 999 arasında olmalı. Satır değişmedi.',
  'error.amount-out-of-range': 'Bu tutar satılamaz. Sıfırdan büyük, daha küçük bir tutar girin.',
  'error.line-unknown': 'Bu satır artık satışta değil.',
  'error.rewards-claimed': 'Bu satışta puan kullanılıyor. Önce ödülü çıkarın.',
  'error.line-gated':
    'Bu satışta bu müşterinin alamayacağı bir ürün var: {name}. ' +
    'Doğru kartı okutun veya satırı çıkarın.',
  'error.staff-card':
    'Bu sizin kendi kartınız. Müşteri satışında puan toplayamaz. Satış değişmedi.',
  'error.gift-limit': 'Bugün daha fazla verilemez: {left, number} puan kaldı. Müdüre sorun.',
  'error.gift-refused': 'Bu üyeye şimdi verilemez. Hiçbir şey verilmedi.',
  'error.claim-needs-member': 'Önce üye kartını, sonra fişin kodunu okutun.',
  'error.claim-too-late': 'Bu fiş çok eski: puanları artık alınamaz.',
  'error.claim-done': 'Bu fişin puanları zaten birinin, ya da fiş iptal edilmiş.',
  'error.tender-insufficient': 'Toplama yetmiyor. Hiçbir şey alınmadı. Kalanı ekleyin.',
  'error.tender-not-cash-over':
    'Yalnız nakit toplamı aşabilir. Hiçbir şey alınmadı. Kart ya da çek tutarını düşürün.',
  'error.transaction-conflict':
    'Bu satış başka içerikle zaten kaydedildi. Bir kez sayılır. Yeni satış açın.',
  'error.sale-unknown': 'Bu satış bu kasada yok.',
  'error.void-not-allowed': 'Yalnız bu kasanın bugünkü son satışı iptal edilebilir.',
  'error.already-voided': 'Bu satış zaten iptal. Hiçbir şey değişmedi.',
  'error.print-job-unknown': 'Bu fiş artık beklemiyor. Gerekirse yeniden yazdırın.',
  'error.drawer-unavailable': 'Çekmeceye yazıcı üzerinden ulaşılamıyor. Anahtarla açın.',
  'error.day-already-closed': 'Bu gün zaten kapatıldı. Raporu yeniden yazdırılabilir.',
  'error.store-unavailable':
    'Kasa diskine yazamıyor. Kayıtlı satışlar güvende. Bu kasada satış yapmayın; desteği arayın.',
  'error.busy': 'Kasa son istekle meşgul. Biraz bekleyip tekrar deneyin.',

  'notice.staff-card': 'Bu, satışı yapan kişinin kendi kartı: müşteri satışında puan toplamaz.',
  'notice.backup-failed': 'Gün kapandı ama kayıtların yedeği alınamadı. Diski denetletin.',
  'notice.gift-given': '{points, plural, other {# puan}} verildi.',
  'notice.code-added': '{code} kodu alındı.',
  'notice.partner-card': '{name} ortaklık kartı: bu satışın kazandırdığı oraya gider.',
  'notice.card-unknown':
    '{number} kartıyla üye yok. Puansız satın ya da numarayı F2 ile denetleyin.',
  'notice.card-wrong-check-digit':
    '{number} geçerli bir kart değil: denetim basamağı yanlış. Yeniden okutun ya da yazın.',
  'notice.card-wrong-length':
    '{number} numarasında eksik ya da fazla rakam var. Yeniden okutun ya da F2 ile yazın.',
  'notice.card-typed-unreadable':
    '{number} bu mağazanın kart numarası değil. Kartla karşılaştırıp yeniden yazın.',
  'notice.card-unreadable': 'Okunamadı. Yeniden okutun ya da numarayı yazın.',
  'notice.coupon-refused':
    'Bu bir üretici kuponu. Bu kasada kullanılamaz: satışa devam edin, müşteri isterse ' +
    'müdüre sorun.',
  'notice.case-code': '{number} bir kolinin kodu. Ürünün kendisini okutun.',
  'notice.scale-label-wrong':
    '{number} etiketindeki fiyat ya da ağırlık eksik veya yanlış. Ürünü yeniden tartın.',
  'notice.product-unknown': '{barcode} barkodlu ürün yok. F3 ile arayın ya da tutar olarak satın.',
  'notice.member-blocked': 'Bu kart kapatılmış. Puansız satın, müşteriyi danışmaya yönlendirin.',
  'notice.scan-while-locked': 'Kasa kilitli: okutulan alınmadı. Önce PIN girin.',
  'notice.scan-too-long': 'Okutulan çok uzundu ve alınmadı. Yeniden okutun.',
  'notice.scan-overflow': 'Çok hızlı okutuldu. Sonuncusu alınmadı: yeniden okutun.',
  'notice.scanner-lost': 'Okuyucunun bağlantısı koptu. Gelene dek kart numarasını F2 ile yazın.',
  'notice.scanner-back': 'Okuyucu yeniden bağlandı.',
  'notice.redemption-offline-refused':
    'Merkez yanıt vermiyor, şu an puan harcanamaz. Puanlar güvende; bu satış yine puan kazanır.',
  'notice.drawer-unknown': 'Çekmece açılmamış olabilir. Bakın, gerekirse anahtarla açın.',
  'notice.receipt-unprintable':
    'Bu yazıcı {receiptNumber} numaralı fişi yazdıramıyor. ' +
    'Satış güvende; sonraki fişler çıkar. Desteği arayın.',
  'notice.report-unprintable':
    'Bu yazıcı bu raporu yazdıramıyor. Satışlar güvende. Desteği arayın.',
  'notice.clock-suspect': 'Bu kasanın saati son satışından geride. Satış sürer. Saati denetletin.',

  'sync.problem.newEpoch':
    'Merkez, bu kasanın numarasını başka bir kasanın kullandığını söylüyor. ' +
    'Satışlar kayıtlı ve gönderiliyor; hiçbir şey iki kez sayılmaz. Desteği arayın.',
  'sync.problem.unauthorised':
    'Merkez bu kasanın anahtarını kabul etmiyor. Satışlar burada bekliyor. Desteği arayın.',
  'sync.problem.programme':
    'Merkez, okunamayan kurallar gönderdi. Kasa eldeki kurallarla sürüyor. Merkeze bildirin.',
  'sync.problem.protocol':
    'Merkezin yanıtı anlaşılamadı. Satışlar burada kayıtlı, sonra yeniden gönderilir. ' +
    'Sürerse desteği arayın.',
  'sync.problem.parked':
    'Merkezde işlenemeyen {count, plural, other {# kayıt}} var. ' +
    'Hiçbir şey kaybolmadı, satış sürer. Desteğe bildirin.',

  'printer.none': 'Yazıcı yok',
  'printer.ready': 'Yazıcı hazır',
  'printer.printing': 'Yazdırılıyor',
  'printer.paper-out': 'Kâğıt bitti',
  'printer.cover-open': 'Yazıcı açık',
  'printer.offline': 'Yazıcı çevrimdışı',
  'printer.error': 'Yazıcı arızası',
  'printer.blocked.paper-out': 'Kâğıt bitti. Yeni rulo takın; fiş kendiliğinden yazdırılır.',
  'printer.blocked.cover-open': 'Yazıcı açık. Kapatın; fiş kendiliğinden yazdırılır.',
  'printer.blocked.offline':
    'Yazıcı yanıt vermiyor. Kablosuna ve elektriğine bakın; fiş bekliyor, kaybolmaz.',
  'printer.blocked.error': 'Yazıcıda arıza var. Kapatıp açın; fiş bekliyor, kaybolmaz.',
  'printer.blocked.error.cutter':
    'Kesici sıkıştı. Sıkışan kâğıdı çıkarın, sonra yazıcıyı kapatıp açın.',
  'printer.blocked.error.unrecoverable':
    'Yazıcı kapatılıp açılmalı. Yine aynısını bildirirse onarım gerekir.',
  'printer.blocked.error.auto-recoverable':
    'Yazıcı fazla ısındı. Soğuyunca kendiliğinden devam eder.',
  'printer.blocked.error.other':
    'Yazıcı nedenini bildirmediği bir arıza veriyor. Kapatıp açın; fiş bekliyor.',

  'fault.in-use':
    'Bu kasanın verisi başka bir kasa programında açık. Onu kapatıp yeniden başlatın.',
  'fault.newer':
    'Bu kasanın verisini daha yeni bir Puan yazmış. O sürümü kurun; hiçbir şey değişmedi.',
  'fault.damaged':
    'Bu kasanın veri dosyası bozuk. Hiçbir şey silinmedi. Desteği arayın; burada satış yapmayın.',
  'fault.corrupt':
    'Bu kasanın veri dosyası bozuk. Hiçbir şey silinmedi. Desteği arayın; burada satış yapmayın.',
  'fault.migration-failed':
    'Veri güncellemesi olmadı ve geri alındı. Hiçbir şey kaybolmadı. Desteği arayın.',
  'fault.cannot-open': 'Kasa veri dosyasını açamıyor. Hiçbir şey silinmedi. Desteği arayın.',
  'fault.shop-file': 'Mağaza ayar dosyasında yanlış var. Hiçbir şey kaybolmadı. Desteği arayın.',
  'fault.disk-full':
    'Kasanın diski dolu. Kayıtlı satışlar güvende. Yer açın; o zamana dek satış yapmayın.',
  'fault.read-only': 'Kasa diskine yazamıyor. Kayıtlı satışlar güvende. Desteği arayın.',
  'fault.busy':
    'Başka bir program kasanın verisini tutuyor. Satışlar güvende. Biraz bekleyip tekrar deneyin.',
  'fault.io':
    'Kasanın diski iyi yanıt vermiyor. Satışlar güvende. Burada satış yapmayın; desteği arayın.',
};
