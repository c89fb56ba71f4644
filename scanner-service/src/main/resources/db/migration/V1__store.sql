-- The types "bytes" and "name" depend on the database: a name is ordered by its characters, whatever
-- the locale. All times are milliseconds since the epoch. What comes from images is kept as bytes
-- only: text may have no NUL characters.

-- Facts of layers; analyzers is the digest of their names and versions.
CREATE TABLE layer_facts (
  layer_digest ${name} NOT NULL,
  analyzers ${name} NOT NULL,
  facts ${bytes} NOT NULL,
  bytes BIGINT NOT NULL,
  stored_at BIGINT NOT NULL,
  PRIMARY KEY (layer_digest, analyzers)
);

-- Manifests and configs.
CREATE TABLE document (
  digest ${name} NOT NULL PRIMARY KEY,
  bytes ${bytes} NOT NULL
);

-- Reports on images, without the verdicts.
CREATE TABLE image (
  digest ${name} NOT NULL PRIMARY KEY,
  analyzers ${name} NOT NULL,
  report ${bytes} NOT NULL
);

CREATE TABLE verdict (
  image_digest ${name} NOT NULL REFERENCES image (digest),
  runtime ${name} NOT NULL,
  decision ${name} NOT NULL,
  judged_by ${name} NOT NULL,
  verdict ${bytes} NOT NULL,
  PRIMARY KEY (image_digest, runtime)
);

-- Not by runtime first: H2 would take it to join a reference with its verdict, and read all of them.
CREATE INDEX verdict_decision ON verdict (decision, runtime, image_digest);

CREATE TABLE reference (
  canonical ${name} NOT NULL,
  platform ${name} NOT NULL,
  registry ${name} NOT NULL,
  repository ${name} NOT NULL,
  digest ${name},
  index_digest ${name},
  checked_at BIGINT NOT NULL,
  failure ${bytes},
  failed_at BIGINT,
  PRIMARY KEY (canonical, platform)
);

CREATE INDEX reference_registry ON reference (registry, canonical, platform);
CREATE INDEX reference_repository ON reference (repository, canonical, platform);
CREATE INDEX reference_digest ON reference (digest);
CREATE INDEX reference_index_digest ON reference (index_digest);

-- active_question is the question while the scan has not ended: of one question at most one is
-- active at a time.
CREATE TABLE scan (
  id ${name} NOT NULL PRIMARY KEY,
  question ${name} NOT NULL,
  active_question ${name} UNIQUE,
  state ${name} NOT NULL,
  runtime ${name} NOT NULL,
  digest ${name},
  finished_at BIGINT,
  record ${bytes} NOT NULL
);

CREATE INDEX scan_question ON scan (question, state, finished_at);
CREATE INDEX scan_digest ON scan (digest, runtime, finished_at);
CREATE INDEX scan_finished_at ON scan (finished_at);

CREATE TABLE list_revision (
  revision BIGINT NOT NULL PRIMARY KEY,
  made_at BIGINT NOT NULL,
  fingerprint ${name} NOT NULL,
  report ${bytes} NOT NULL
);

-- How many entries each revision took off a list by itself; none of those that somebody ordered, nor
-- of those before.
CREATE TABLE list_removal (
  revision BIGINT NOT NULL PRIMARY KEY,
  made_at BIGINT NOT NULL,
  removed BIGINT NOT NULL
);

-- How often something has changed that lists are made of; one row.
CREATE TABLE list_change (changes BIGINT NOT NULL);
INSERT INTO list_change VALUES (0);
