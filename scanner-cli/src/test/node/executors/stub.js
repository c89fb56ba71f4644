'use strict';

// Stands for an executor's plugin: tells which options a build would be started with.
const Executor = require('screwdriver-executor-base');

module.exports = plugin =>
    class extends Executor {
        constructor(options) {
            super(options);
            this.options = options;
        }

        async _start(build) {
            return { plugin, options: this.options, container: build.container };
        }
    };
