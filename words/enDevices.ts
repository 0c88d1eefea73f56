// Owns the English words about devices: on the device screen, in the terminal, on the display.
export const enDevices = {
  'error.devices-unavailable':
    'No such device is set up, or the devices are just starting. Selling goes on. ' +
    'Look at the cable, then try again.',
  'error.address-invalid':
    'This address cannot be understood. Nothing was changed. Write it like ' +
    'tcp://192.168.1.50:9100 or serial:/dev/ttyUSB0?baud=9600.',
  'error.adapter-not-named':
    'An adapter of the shop’s own is named in shop.json, not on this screen. The devices are as ' +
    'before. Name it there, start the till again, then choose it here.',

  'notice.scan-repeated': 'The scanner sent the same code twice. It was counted once.',

  'device.not-permitted':
    'Permission denied: this user may not use the device. Install the udev rule ' +
    'packaging/70-puan.rules into /etc/udev/rules.d, then plug the device in again. If that does ' +
    'not help, add this user to the groups dialout, plugdev and lp, and sign in again.',
  'device.claimed-elsewhere':
    'Another program is using this device. Close that program; it is then taken by itself.',
  'device.no-hardware': 'It is not plugged in. Check the cable, or plug it into another socket.',
  'device.unreachable':
    'Nothing answers at this address. Compare it with the printer’s self-test paper; check its ' +
    'power and its network cable.',
  'device.address-invalid': 'Its address cannot be understood. Remove it and choose it again.',
  'device.offline': 'It was unplugged or switched off. It comes back by itself.',
  'device.timeout': 'It does not answer. Switch it off and on.',
  'device.busy': 'It is busy. Wait a moment.',
  'device.closed': 'It is closed.',
  'device.not-claimed': 'It is not in use by this till.',
  'device.disabled': 'It is switched off in the settings.',
  'device.paper-out': 'Out of paper. Put in a new roll; waiting receipts are printed then.',
  'device.cover-open': 'The cover is open. Close it; waiting receipts are printed then.',
  'device.failure': 'It could not be opened. Unplug it, plug it in again, then restart the till.',
  'device.not-hid-pos':
    'It types like a keyboard. It can be used so; better, read the set-up code ' +
    '“USB HID POS” in its manual.',

  'reading.member': 'A member card of this shop: {number}',
  'reading.product': 'A product: {name} ({barcode})',
  'reading.product-unknown': 'A product number that this shop does not have: {barcode}',
  'reading.scale-label': 'A piece from the scale: {name} ({barcode})',
  'reading.scale-label-wrong': 'A label of the scale whose price or weight is missing or wrong.',
  'reading.case': 'The code of a whole case, which this till does not sell.',
  'reading.coupon': 'A coupon: not taken here.',
  'reading.code': 'A promotion code: {code}',
  'reading.partner': 'A partner’s card: {name}',
  'reading.receipt': 'The code of a receipt of this till.',
  'reading.card-wrong-check-digit': 'A card number with a wrong digit: it was misread.',
  'reading.card-wrong-length': 'A card number of the wrong length.',
  'reading.unreadable': 'Neither a card nor a product of this shop.',

  'display.test': 'Customer display',
  'display.total': 'Total {amount}',
  'display.points': 'Points +{points, number}',
  'display.change': 'Change {amount}',
  'display.balance': 'Balance {points, number}',
  'display.thanks': 'Thank you',
} as const;
