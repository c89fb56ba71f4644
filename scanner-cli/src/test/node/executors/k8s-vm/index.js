'use strict';

module.exports = require('../stub')('k8s-vm');
