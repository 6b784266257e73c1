'use strict';
// Not part of the bundle: code that V8 has compiled beforehand (run-bundle.js) cannot import modules.
exports.importModule = (address) => import(address);
