// Owns the refusal of escpos's USB adapter, which no version of usb since 2 can serve.
'use strict';

throw new Error('the USB adapter of escpos is not carried: give the printer the address usb:…');
