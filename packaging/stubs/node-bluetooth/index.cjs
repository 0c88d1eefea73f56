// Owns the refusal of escpos's Bluetooth adapter; a paired printer is a serial port.
'use strict';

throw new Error('the Bluetooth adapter of escpos is not carried: pair it, use serial:/dev/rfcomm0');
