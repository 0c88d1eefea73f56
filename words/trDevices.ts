// Owns the Turkish words about devices: on the device screen, in the terminal, on the display.
import type { enDevices } from '#words/enDevices.ts';

export const trDevices: Readonly<Record<keyof typeof enDevices, string>> = {
  'error.devices-unavailable':
    'Böyle bir aygıt kurulu değil ya da aygıtlar yeni açılıyor. Satış sürer. ' +
    'Kabloya bakın, sonra yeniden deneyin.',
  'error.address-invalid':
    'Bu adres anlaşılamadı. Hiçbir şey değişmedi. tcp://192.168.1.50:9100 ya da ' +
    'serial:/dev/ttyUSB0?baud=9600 gibi yazın.',
  'error.adapter-not-named':
    'Mağazanın kendi bağdaştırıcısı bu ekranda değil, shop.json içinde verilir. Aygıtlar ' +
    'değişmedi. Orada verin, kasayı yeniden başlatın, sonra burada seçin.',

  'notice.scan-repeated': 'Okuyucu aynı kodu iki kez gönderdi. Bir kez sayıldı.',

  'device.not-permitted':
    'İzin yok: bu kullanıcı aygıtı kullanamaz. packaging/70-puan.rules kuralını ' +
    '/etc/udev/rules.d içine kurun, sonra aygıtı çıkarıp yeniden takın. Yetmezse ' +
    'bu kullanıcıyı dialout, plugdev ve lp gruplarına ekleyip yeniden oturum açın.',
  'device.claimed-elsewhere':
    'Aygıtı başka bir program kullanıyor. O programı kapatın; aygıt kendiliğinden alınır.',
  'device.no-hardware': 'Takılı değil. Kabloya bakın ya da başka bir yuvaya takın.',
  'device.unreachable':
    'Bu adreste yanıt veren yok. Adresi yazıcının sınama çıktısıyla karşılaştırın; elektriğine ' +
    've ağ kablosuna bakın.',
  'device.address-invalid': 'Adresi anlaşılamadı. Kaldırıp yeniden seçin.',
  'device.offline': 'Çıkarıldı ya da kapatıldı. Kendiliğinden geri gelir.',
  'device.timeout': 'Yanıt vermiyor. Kapatıp açın.',
  'device.busy': 'Meşgul. Biraz bekleyin.',
  'device.closed': 'Kapalı.',
  'device.not-claimed': 'Bu kasa kullanmıyor.',
  'device.disabled': 'Ayarlarda kapatılmış.',
  'device.paper-out': 'Kâğıt bitti. Yeni rulo takın; bekleyen fişler o zaman basılır.',
  'device.cover-open': 'Kapak açık. Kapatın; bekleyen fişler o zaman basılır.',
  'device.failure': 'Açılamadı. Çıkarıp yeniden takın, sonra kasayı yeniden başlatın.',
  'device.not-hid-pos':
    'Klavye gibi yazıyor. Böyle de kullanılır; daha iyisi, kılavuzundaki ' +
    '“USB HID POS” kurulum kodunu okutun.',

  'reading.member': 'Bu mağazanın üye kartı: {number}',
  'reading.product': 'Bir ürün: {name} ({barcode})',
  'reading.product-unknown': 'Bu mağazada olmayan bir ürün numarası: {barcode}',
  'reading.scale-label': 'Tartılan bir parça: {name} ({barcode})',
  'reading.scale-label-wrong': 'Fiyatı ya da ağırlığı eksik veya yanlış bir terazi etiketi.',
  'reading.case': 'Bir kolinin kodu; bu kasa koli satmaz.',
  'reading.coupon': 'Bir kupon: bu kasada geçmez.',
  'reading.code': 'Bir kampanya kodu: {code}',
  'reading.partner': 'Bir ortağın kartı: {name}',
  'reading.receipt': 'Bu kasanın bir fişindeki kod.',
  'reading.card-wrong-check-digit': 'Bir rakamı yanlış kart numarası: hatalı okundu.',
  'reading.card-wrong-length': 'Uzunluğu yanlış kart numarası.',
  'reading.unreadable': 'Ne bir kart ne de bu mağazanın ürünü.',

  'display.test': 'Müşteri ekranı',
  'display.total': 'Toplam {amount}',
  'display.points': 'Puan +{points, number}',
  'display.change': 'Para üstü {amount}',
  'display.balance': 'Bakiye {points, number}',
  'display.thanks': 'Teşekkürler',
};
