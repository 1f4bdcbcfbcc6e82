throw new TypeError('no good start');
