'use strict';

// Times lookups in a list by the real router. Usage: node lookup.cjs LIST warm|cold
const fs = require('node:fs');
const ExecutorRouter = require('screwdriver-executor-router');

const [file, how] = process.argv.slice(2);
const router = new ExecutorRouter({
    defaultPlugin: 'k8s-vm',
    executor: [
        { name: 'k8s', weightage: 100, exclusions: JSON.parse(fs.readFileSync(file, 'utf8')) },
        { name: 'k8s-vm', weightage: 0 }
    ]
});
const containers = [
    ['centos:7', 'k8s'],
    ['docker.io/library/node:20-bookworm', 'k8s'],
    ['registry.example.com/team-1/app-1:9.9.9', 'k8s'],
    ['registry.example.com/team-1/app-1:1.0.1', 'k8s-vm'],
    [`registry.example.com/team-14/app-150@sha256:${'0'.repeat(64)}`, 'k8s'],
    ['registry.example.com:5000/another/image:1.2.3', 'k8s']
];

function look(i) {
    const [container, executor] = containers[i % containers.length];
    const begun = process.hrtime.bigint();
    const chosen = router.getExecutor({ container });
    const ms = Number(process.hrtime.bigint() - begun) / 1e6;

    if (chosen !== router[executor]) {
        throw new Error(`${container} does not go to ${executor}`);
    }

    return ms;
}

if (how === 'cold') {
    console.log(`first lookup of a process: ${look(0).toFixed(1)} ms`);
} else {
    for (let i = 0; i < 100; i += 1) look(i);
    const times = Array.from({ length: 600 }, (_, i) => look(i)).sort((a, b) => a - b);

    console.log(`warm: median ${times[300].toFixed(2)} ms, p99 ${times[594].toFixed(2)} ms a lookup`);
}
