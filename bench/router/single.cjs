'use strict';

// Prints the same list with a pattern for each tag, to compare with. Usage: node single.cjs REPORT
const fs = require('node:fs');

const literal = text => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

process.stdout.write(
    JSON.stringify(
        JSON.parse(fs.readFileSync(process.argv[2], 'utf8')).images.map(image => {
            const [, name, tag] = /^(.*):([^:]*)$/.exec(image.canonical);
            const digests = [image.digest, image.indexDigest].join('|');

            return `^${literal(name)}(?::${literal(tag)}|(?::[\\w][\\w.-]{0,127})?@(?:${digests}))$`;
        })
    )
);
