-- Runs of sweeps. active_plan is the plan while the run has not ended: of one plan at most one is
-- active at a time. worker names the process that is at it, and shrinks says whether lists may lose
-- entries by it. definition is the plan as JSON.
CREATE TABLE sweep (
  id ${name} NOT NULL PRIMARY KEY,
  plan ${name} NOT NULL,
  run BIGINT NOT NULL,
  active_plan ${name} UNIQUE,
  state ${name} NOT NULL,
  cause ${name} NOT NULL,
  publishing ${name} NOT NULL,
  cancelled BOOLEAN NOT NULL,
  shrinks BOOLEAN NOT NULL,
  worker ${name},
  requested_at BIGINT NOT NULL,
  begun_at BIGINT,
  finished_at BIGINT,
  definition ${bytes} NOT NULL,
  progress ${bytes},
  summary ${bytes},
  error ${bytes},
  UNIQUE (plan, run)
);

CREATE INDEX sweep_requested_at ON sweep (requested_at, id);

-- What sweeps of a plan know of a tag. A tag that is forgotten leaves its references once a sweep
-- may shrink lists.
CREATE TABLE swept_tag (
  plan ${name} NOT NULL,
  reference ${name} NOT NULL,
  run BIGINT NOT NULL,
  digest ${name},
  gone_since BIGINT,
  forgotten BOOLEAN NOT NULL,
  record ${bytes} NOT NULL,
  PRIMARY KEY (plan, reference)
);

CREATE INDEX swept_tag_digest ON swept_tag (digest);
CREATE INDEX swept_tag_gone_since ON swept_tag (gone_since);

-- What a manifest or an index was found to lead to; basis is the digest of what it was judged by.
CREATE TABLE swept_outcome (
  digest ${name} NOT NULL,
  basis ${name} NOT NULL,
  outcomes ${bytes} NOT NULL,
  stored_at BIGINT NOT NULL,
  PRIMARY KEY (digest, basis)
);

-- Decisions on a reference, numbered from 1; the newest few of each. GONE is one, too.
CREATE TABLE decision_history (
  canonical ${name} NOT NULL,
  platform ${name} NOT NULL,
  runtime ${name} NOT NULL,
  number BIGINT NOT NULL,
  at BIGINT NOT NULL,
  decision ${name} NOT NULL,
  digest ${name},
  PRIMARY KEY (canonical, platform, runtime, number)
);

CREATE INDEX decision_history_decision ON decision_history (decision, at);

-- What images are made of, so that nothing is collected that one of them uses. Images of before are
-- not linked yet; they are in the background.
CREATE TABLE image_layer (
  image_digest ${name} NOT NULL,
  layer_digest ${name} NOT NULL,
  PRIMARY KEY (image_digest, layer_digest)
);

CREATE INDEX image_layer_layer ON image_layer (layer_digest);

CREATE TABLE image_document (
  image_digest ${name} NOT NULL,
  document_digest ${name} NOT NULL,
  PRIMARY KEY (image_digest, document_digest)
);

CREATE INDEX image_document_document ON image_document (document_digest);

ALTER TABLE image ADD COLUMN linked BOOLEAN DEFAULT FALSE NOT NULL;
ALTER TABLE image ADD COLUMN unused_since BIGINT;
CREATE INDEX image_linked ON image (linked);
ALTER TABLE document ADD COLUMN stored_at BIGINT DEFAULT 0 NOT NULL;

-- The plan whose sweep found what the reference names; none if a lookup did.
ALTER TABLE reference ADD COLUMN plan ${name};

-- As scheduled_tasks, for whoever sweeps: each takes what it knows only.
CREATE TABLE sweep_tasks (
  task_name ${name} NOT NULL,
  task_instance ${name} NOT NULL,
  task_data ${bytes},
  execution_time TIMESTAMP WITH TIME ZONE NOT NULL,
  picked BOOLEAN NOT NULL,
  picked_by ${name},
  last_success TIMESTAMP WITH TIME ZONE,
  last_failure TIMESTAMP WITH TIME ZONE,
  consecutive_failures INT,
  last_heartbeat TIMESTAMP WITH TIME ZONE,
  version BIGINT NOT NULL,
  priority SMALLINT,
  PRIMARY KEY (task_name, task_instance)
);

CREATE INDEX sweep_tasks_execution_time ON sweep_tasks (execution_time);
CREATE INDEX sweep_tasks_last_heartbeat ON sweep_tasks (last_heartbeat);
CREATE INDEX sweep_tasks_priority ON sweep_tasks (priority DESC, execution_time ASC);
