// Owns the Turkish words about the receipt's template: what is wrong in it, and what to write.
import type { enTemplate } from '#words/enTemplate.ts';

export const trTemplate: Readonly<Record<keyof typeof enTemplate, string>> = {
  'error.template-faulty':
    '{line, plural, =0 {Fişte gerekli bir şey eksik.} other {Fişin {line}. satırında hata var.}} ' +
    'Kaydedilmedi: hatalara bakın.',
  'error.logo-unreadable':
    'Bu dosya yazıcının basabileceği bir resim değil. Başka bir dosya seçin.',

  'template.unknown-block': '[{name}] bilinmiyor. [{nearest}] mi demek istediniz?',
  'template.unknown-variable': '{name} bilinmiyor. {nearest} mi demek istediniz?',
  'template.brace': '{brace} tek başına duruyor. Kendisi isteniyorsa iki kez yazın.',
  'template.block-twice': '[{name}] fişte zaten var. Birini silin.',
  'template.block-in-language':
    'Dil yalnız metnin önünde durabilir. [{name}] için ayrı bir satır açın.',
  'template.text-after-block': '[{name}] ardına bir şey yazmayın: metnin kendi satırı olur.',
  'template.line-long': 'Bir satıra en çok {max, number} karakter yazın.',
  'template.too-long': 'En çok {lines, number} satır ve {characters, number} karakter yazın.',
  'template.control': 'Bu satırda basılamayan bir karakter var, örneğin sekme. Silin.',
  'template.missing-date': '[sale] ya da {variable} ekleyin: fişte satışın zamanı yazmalı.',
  'template.missing-items': '[items] ekleyin: fişte ne satıldığı yazmalı.',
  'template.missing-totals': '[totals] ekleyin: fişte ödenecek tutar yazmalı.',
  'template.missing-taxes': '[taxes] ekleyin: fişte vergi yazmalı.',
  'template.missing-number': '[barcode] ya da {variable} ekleyin: satış numarasıyla bulunur.',
};
