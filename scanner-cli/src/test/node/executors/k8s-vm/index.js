'use strict';

// Stands for screwdriver-executor-k8s-vm: tells which options a build would be started with.
const Executor = require('screwdriver-executor-base');

class StubExecutor extends Executor {
    constructor(options) {
        super(options);
        this.options = options;
    }

    async _start(build) {
        return { plugin: 'k8s-vm', options: this.options, container: build.container };
    }
}

module.exports = StubExecutor;
