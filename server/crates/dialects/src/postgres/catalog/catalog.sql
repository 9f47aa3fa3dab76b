-- Everything of a database that a schema can hold, as one JSON object, read in one snapshot.
-- Run with the search path `public`: what lives there is then printed without its schema, as people write it.
-- What belongs to an extension, to a temporary schema or to the system is left out; 16384 is the first oid that is not the system's,
-- and spares the walk over all that is.
WITH namespaces AS (
    SELECT oid, nspname, nspowner, nspacl FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'
), members AS (
    SELECT classid, objid FROM pg_depend WHERE deptype = 'e'
), relations AS (
    SELECT c.*, n.nspname FROM pg_class c JOIN namespaces n ON n.oid = c.relnamespace
    WHERE c.oid >= 16384 AND NOT EXISTS (SELECT FROM members m WHERE m.classid = 'pg_class'::regclass AND m.objid = c.oid)
), types AS (
    SELECT t.*, n.nspname FROM pg_type t JOIN namespaces n ON n.oid = t.typnamespace
    WHERE t.oid >= 16384 AND NOT EXISTS (SELECT FROM members m WHERE m.classid = 'pg_type'::regclass AND m.objid = t.oid)
), functions AS (
    -- A range type brings functions of its own: they are parts of it.
    SELECT p.*, n.nspname, p.proname || '(' || oidvectortypes(p.proargtypes) || ')' AS full_name
    FROM pg_proc p JOIN namespaces n ON n.oid = p.pronamespace
    WHERE p.oid >= 16384 AND NOT EXISTS (
        SELECT FROM pg_depend d WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype IN ('e', 'i')
    )
), sequences AS (
    SELECT s.*, r.relname, r.nspname, d.deptype::text AS ownership, d.refobjid AS owner_id, d.refobjsubid AS owner_number,
        json_build_object(
            'increment', seqincrement::text, 'min_value', seqmin::text, 'max_value', seqmax::text,
            'start_with', seqstart::text, 'cache', seqcache::text, 'cycle', seqcycle
        ) AS options
    FROM pg_sequence s JOIN relations r ON r.oid = s.seqrelid
    LEFT JOIN pg_depend d ON d.classid = 'pg_class'::regclass AND d.objid = s.seqrelid
        AND d.refclassid = 'pg_class'::regclass AND d.deptype IN ('a', 'i')
), constraints AS (
    -- Checks by partitions of a referenced table are the server's own bookkeeping.
    SELECT k.*, r.nspname, r.relname FROM pg_constraint k JOIN relations r ON r.oid = k.conrelid
    WHERE k.contype IN ('p', 'u', 'f', 'c', 'x') AND NOT EXISTS (
        SELECT FROM pg_constraint parent WHERE parent.oid = k.conparentid AND parent.conrelid = k.conrelid
    )
), opaque AS (
    SELECT CASE prokind WHEN 'p' THEN 'procedure' WHEN 'a' THEN 'aggregate' ELSE 'function' END AS kind,
        nspname AS namespace, full_name AS name, NULL::text AS on_namespace, NULL::text AS on_name,
        'pg_proc'::regclass AS class, oid, CASE WHEN prokind <> 'a' THEN pg_get_functiondef(oid) END AS definition,
        NULL::text AS calls, NULL::text AS enabled
    FROM functions
    UNION ALL SELECT 'trigger', r.nspname, t.tgname, r.nspname, r.relname, 'pg_trigger'::regclass, t.oid,
        pg_get_triggerdef(t.oid), p.proname, t.tgenabled::text
    FROM pg_trigger t JOIN relations r ON r.oid = t.tgrelid JOIN pg_proc p ON p.oid = t.tgfoid WHERE NOT t.tgisinternal AND t.tgparentid = 0
    UNION ALL SELECT 'rule', r.nspname, w.rulename, r.nspname, r.relname, 'pg_rewrite'::regclass, w.oid, NULL, NULL, NULL
    FROM pg_rewrite w JOIN relations r ON r.oid = w.ev_class WHERE w.rulename <> '_RETURN'
    UNION ALL SELECT 'type', t.nspname, t.typname, NULL, NULL, 'pg_type'::regclass, t.oid, NULL, NULL, NULL
    FROM types t LEFT JOIN pg_class c ON c.oid = t.typrelid
    WHERE c.relkind = 'c' OR t.typtype = 'r' OR (t.typtype = 'p' AND NOT t.typisdefined)
        OR (t.typtype = 'b' AND t.typcategory <> 'A')
    UNION ALL SELECT 'collation', n.nspname, c.collname, NULL, NULL, 'pg_collation'::regclass, c.oid, NULL, NULL, NULL
    FROM pg_collation c JOIN namespaces n ON n.oid = c.collnamespace WHERE c.oid >= 16384
    UNION ALL SELECT 'statistics', n.nspname, s.stxname, NULL, NULL, 'pg_statistic_ext'::regclass, s.oid, NULL, NULL, NULL
    FROM pg_statistic_ext s JOIN namespaces n ON n.oid = s.stxnamespace
    UNION ALL SELECT 'event_trigger', '', evtname, NULL, NULL, 'pg_event_trigger'::regclass, oid, NULL, NULL, NULL FROM pg_event_trigger
    UNION ALL SELECT 'publication', '', pubname, NULL, NULL, 'pg_publication'::regclass, oid, NULL, NULL, NULL FROM pg_publication
    UNION ALL SELECT 'foreign_data_wrapper', '', fdwname, NULL, NULL, 'pg_foreign_data_wrapper'::regclass, f.oid, NULL, NULL, NULL
    FROM pg_foreign_data_wrapper f WHERE NOT EXISTS (
        SELECT FROM members m WHERE m.classid = 'pg_foreign_data_wrapper'::regclass AND m.objid = f.oid
    )
    UNION ALL SELECT 'server', '', srvname, NULL, NULL, 'pg_foreign_server'::regclass, oid, NULL, NULL, NULL FROM pg_foreign_server
    UNION ALL SELECT 'foreign_table', nspname, relname, NULL, NULL, 'pg_class'::regclass, oid, NULL, NULL, NULL FROM relations WHERE relkind = 'f'
), described AS (
    SELECT classoid, objoid, objsubid, description FROM pg_description WHERE objoid >= 16384 OR classoid = 'pg_namespace'::regclass
), acls AS (
    SELECT CASE relkind WHEN 'S' THEN 'sequence' WHEN 'v' THEN 'view' WHEN 'm' THEN 'view' ELSE 'table' END AS kind,
        nspname AS namespace, relname AS name, relowner AS owner, relacl AS acl
    FROM relations WHERE relkind IN ('r', 'p', 'v', 'm', 'S')
    UNION ALL SELECT 'namespace', '', nspname, nspowner, nspacl FROM namespaces
    UNION ALL SELECT 'opaque', nspname, full_name, proowner, proacl FROM functions
    UNION ALL SELECT CASE typtype WHEN 'e' THEN 'enum' WHEN 'd' THEN 'domain' ELSE 'opaque' END, nspname, typname, typowner, typacl
    FROM types
)
SELECT json_build_object(
'namespaces', (SELECT coalesce(json_agg(nspname ORDER BY oid), '[]') FROM namespaces WHERE nspname <> 'public'),
'extensions', (
    SELECT coalesce(json_agg(json_build_object('name', extname, 'namespace', nspname) ORDER BY e.oid), '[]')
    FROM pg_extension e JOIN pg_namespace n ON n.oid = extnamespace WHERE extname <> 'plpgsql'
),
'roles', (
    SELECT coalesce(json_agg(json_build_object(
        'name', rolname, 'create_db', rolcreatedb, 'create_role', rolcreaterole, 'inherit', rolinherit
    ) ORDER BY oid), '[]')
    FROM pg_roles WHERE rolname !~ '^pg_'
),
'enums', (
    SELECT coalesce(json_agg(json_build_object('namespace', nspname, 'name', typname, 'values', (
        SELECT coalesce(json_agg(enumlabel ORDER BY enumsortorder), '[]') FROM pg_enum e WHERE e.enumtypid = t.oid
    )) ORDER BY oid), '[]')
    FROM types t WHERE typtype = 'e'
),
'domains', (
    SELECT coalesce(json_agg(json_build_object(
        'namespace', t.nspname, 'name', t.typname, 'type', format_type(t.typbasetype, t.typtypmod),
        'type_namespace', e.nspname, 'type_name', e.typname, 'is_enum', e.typtype = 'e', 'not_null', t.typnotnull,
        'default', pg_get_expr(t.typdefaultbin, 0),
        'checks', (
            SELECT coalesce(json_agg(json_build_object(
                'name', conname, 'expression', pg_get_expr(conbin, 0), 'valid', convalidated
            ) ORDER BY conname), '[]')
            FROM pg_constraint k WHERE k.contypid = t.oid AND k.contype = 'c'
        )
    ) ORDER BY t.oid), '[]')
    FROM types t JOIN pg_type b ON b.oid = t.typbasetype
    LEFT JOIN types e ON e.oid = CASE WHEN b.typtype = 'b' AND b.typcategory = 'A' THEN b.typelem ELSE b.oid END
    WHERE t.typtype = 'd'
),
'sequences', (
    SELECT coalesce(json_agg(json_build_object(
        'namespace', s.nspname, 'name', s.relname, 'integer', format_type(s.seqtypid, NULL), 'options', s.options, 'owner_namespace', n.nspname, 'owner_table', r.relname,
        'owner_column', a.attname
    ) ORDER BY s.seqrelid), '[]')
    FROM sequences s LEFT JOIN pg_class r ON r.oid = s.owner_id LEFT JOIN pg_namespace n ON n.oid = r.relnamespace
    LEFT JOIN pg_attribute a ON a.attrelid = s.owner_id AND a.attnum = s.owner_number
    WHERE s.ownership IS DISTINCT FROM 'i'
),
'tables', (
    SELECT coalesce(json_agg(json_build_object(
        'namespace', nspname, 'name', relname, 'unlogged', relpersistence = 'u', 'row_level_security', relrowsecurity,
        'force_row_level_security', relforcerowsecurity, 'options', coalesce(reloptions, '{}'),
        'partition_by', pg_get_partkeydef(oid), 'bound', pg_get_expr(relpartbound, oid),
        'parents', (
            SELECT coalesce(json_agg(json_build_object('namespace', p.nspname, 'name', p.relname) ORDER BY inhseqno), '[]')
            FROM pg_inherits i JOIN relations p ON p.oid = i.inhparent WHERE i.inhrelid = r.oid
        ),
        'comment', obj_description(oid, 'pg_class')
    ) ORDER BY oid), '[]')
    FROM relations r WHERE relkind IN ('r', 'p')
),
'columns', (
    SELECT coalesce(json_agg(json_build_object(
        'namespace', r.nspname, 'table', r.relname, 'name', a.attname, 'type', format_type(a.atttypid, a.atttypmod),
        'type_namespace', e.nspname, 'type_name', e.typname, 'is_enum', e.typtype = 'e', 'not_null', a.attnotnull,
        'expression', pg_get_expr(d.adbin, d.adrelid), 'generated', a.attgenerated::text, 'identity', a.attidentity::text,
        'collation', CASE WHEN a.attcollation <> t.typcollation THEN (
            SELECT CASE WHEN c.collnamespace = 'pg_catalog'::regnamespace THEN '' ELSE c.collnamespace::regnamespace || '.' END
                || quote_ident(c.collname)
            FROM pg_collation c WHERE c.oid = a.attcollation
        ) END,
        'sequence_namespace', s.nspname, 'sequence_name', s.relname, 'sequence_options', s.options,
        'comment', col_description(a.attrelid, a.attnum)
    ) ORDER BY r.oid, a.attnum), '[]')
    FROM relations r JOIN pg_attribute a ON a.attrelid = r.oid AND a.attnum > 0 AND NOT a.attisdropped
    JOIN pg_type t ON t.oid = a.atttypid
    LEFT JOIN types e ON e.oid = CASE WHEN t.typtype = 'b' AND t.typcategory = 'A' THEN t.typelem ELSE t.oid END
    LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
    -- For each identity column its own look into an index: what is estimated of CTEs makes a loop over all sequences for all columns.
    LEFT JOIN LATERAL (
        SELECT n.nspname, c.relname, json_build_object(
            'increment', q.seqincrement::text, 'min_value', q.seqmin::text, 'max_value', q.seqmax::text,
            'start_with', q.seqstart::text, 'cache', q.seqcache::text, 'cycle', q.seqcycle
        ) AS options
        FROM pg_depend p JOIN pg_class c ON c.oid = p.objid JOIN pg_namespace n ON n.oid = c.relnamespace
        JOIN pg_sequence q ON q.seqrelid = c.oid
        WHERE p.classid = 'pg_class'::regclass AND p.refclassid = 'pg_class'::regclass AND p.deptype = 'i'
            AND p.refobjid = a.attrelid AND p.refobjsubid = a.attnum
    ) AS s ON a.attidentity <> ''
    WHERE r.relkind IN ('r', 'p', 'v', 'm')
),
'constraints', (
    SELECT coalesce(json_agg(json_build_object(
        'namespace', k.nspname, 'table', k.relname, 'name', k.conname, 'kind', k.contype::text,
        'columns', (
            SELECT coalesce(json_agg(a.attname ORDER BY position), '[]')
            FROM unnest(k.conkey) WITH ORDINALITY AS keys (number, position)
            JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = keys.number
        ),
        'include', (
            SELECT coalesce(json_agg(a.attname ORDER BY position), '[]')
            FROM pg_index x, unnest(x.indkey) WITH ORDINALITY AS keys (number, position)
            JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = keys.number
            WHERE x.indexrelid = k.conindid AND k.contype IN ('p', 'u') AND keys.position > x.indnkeyatts
        ),
        'nulls_not_distinct', (
            SELECT coalesce(bool_or(x.indnullsnotdistinct), false) FROM pg_index x WHERE x.indexrelid = k.conindid AND k.contype = 'u'
        ),
        'to_namespace', n.nspname, 'to_table', o.relname,
        'to_columns', (
            SELECT coalesce(json_agg(a.attname ORDER BY position), '[]')
            FROM unnest(k.confkey) WITH ORDINALITY AS keys (number, position)
            JOIN pg_attribute a ON a.attrelid = k.confrelid AND a.attnum = keys.number
        ),
        'on_delete', k.confdeltype::text, 'on_update', k.confupdtype::text, 'match', k.confmatchtype::text,
        'deferrable', k.condeferrable, 'deferred', k.condeferred, 'valid', k.convalidated,
        'no_inherit', k.contype = 'c' AND k.connoinherit,
        'expression', pg_get_expr(k.conbin, k.conrelid), 'definition', pg_get_constraintdef(k.oid)
    ) ORDER BY k.oid), '[]')
    FROM constraints k LEFT JOIN pg_class o ON o.oid = k.confrelid LEFT JOIN pg_namespace n ON n.oid = o.relnamespace
),
'indexes', (
    SELECT coalesce(json_agg(json_build_object(
        'namespace', t.nspname, 'table', t.relname, 'name', r.relname, 'unique', x.indisunique, 'method', m.amname,
        'nulls_not_distinct', x.indnullsnotdistinct, 'predicate', pg_get_expr(x.indpred, x.indrelid),
        'options', coalesce(r.reloptions, '{}'),
        'keys', (
            SELECT json_agg(json_build_object(
                'column', a.attname,
                'expression', CASE WHEN a.attname IS NULL THEN pg_get_indexdef(x.indexrelid, position::integer, true) END,
                'descending', x.indoption[position - 1] & 1 = 1, 'nulls_first', x.indoption[position - 1] & 2 = 2,
                'opclass', CASE WHEN NOT c.opcdefault THEN c.opcname END,
                'collation', CASE WHEN x.indcollation[position - 1] <> 0
                    AND x.indcollation[position - 1] <> coalesce(a.attcollation, 100) THEN (
                        SELECT quote_ident(l.collname) FROM pg_collation l WHERE l.oid = x.indcollation[position - 1]
                    ) END
            ) ORDER BY position)
            FROM generate_series(1, x.indnkeyatts) AS position
            LEFT JOIN pg_attribute a ON a.attrelid = x.indrelid AND a.attnum = x.indkey[position - 1] AND a.attnum > 0
            JOIN pg_opclass c ON c.oid = x.indclass[position - 1]
        ),
        'include', (
            SELECT coalesce(json_agg(a.attname ORDER BY position), '[]')
            FROM unnest(x.indkey) WITH ORDINALITY AS keys (number, position)
            JOIN pg_attribute a ON a.attrelid = x.indrelid AND a.attnum = keys.number
            WHERE keys.position > x.indnkeyatts
        )
    ) ORDER BY r.oid), '[]')
    FROM pg_index x JOIN relations r ON r.oid = x.indexrelid JOIN relations t ON t.oid = x.indrelid
    JOIN pg_am m ON m.oid = r.relam
    WHERE NOT EXISTS (
        SELECT FROM pg_constraint k WHERE k.conrelid = x.indrelid AND k.conindid = x.indexrelid AND k.contype IN ('p', 'u', 'x')
    )
),
'policies', (
    SELECT coalesce(json_agg(json_build_object(
        'namespace', r.nspname, 'table', r.relname, 'name', polname, 'permissive', polpermissive, 'command', polcmd::text,
        'to', (
            SELECT json_agg(CASE WHEN id = 0 THEN 'public' ELSE (SELECT rolname FROM pg_roles WHERE oid = id) END)
            FROM unnest(polroles) AS id
        ),
        'using', pg_get_expr(polqual, polrelid), 'with_check', pg_get_expr(polwithcheck, polrelid)
    ) ORDER BY p.oid), '[]')
    FROM pg_policy p JOIN relations r ON r.oid = p.polrelid
),
'views', (
    SELECT coalesce(json_agg(json_build_object(
        'namespace', nspname, 'name', relname, 'materialized', relkind = 'm', 'definition', pg_get_viewdef(r.oid),
        'options', coalesce(reloptions, '{}'),
        'method', (SELECT amname FROM pg_am WHERE pg_am.oid = relam AND amname <> 'heap')
    ) ORDER BY r.oid), '[]')
    FROM relations r WHERE relkind IN ('v', 'm')
),
'opaque', (
    SELECT coalesce(json_agg(json_build_object(
        'kind', kind, 'namespace', namespace, 'name', name, 'on_namespace', on_namespace, 'on_name', on_name,
        'definition', definition, 'calls', calls, 'enabled', enabled
    ) ORDER BY kind, namespace, name, on_namespace, on_name), '[]')
    FROM opaque
),
'grants', (
    SELECT coalesce(json_agg(json_build_object(
        'kind', kind, 'namespace', namespace, 'name', name, 'to', grantee, 'privileges', privileges, 'with_grant_option', passed_on
    ) ORDER BY kind, namespace, name, grantee), '[]')
    FROM (
        SELECT a.kind, a.namespace, a.name, CASE g.grantee WHEN 0 THEN 'public' ELSE (SELECT rolname FROM pg_roles WHERE oid = g.grantee) END
                AS grantee,
            json_agg(g.privilege_type ORDER BY g.privilege_type) AS privileges,
            coalesce(json_agg(g.privilege_type ORDER BY g.privilege_type) FILTER (WHERE g.is_grantable), '[]') AS passed_on
        FROM acls a, aclexplode(a.acl) AS g WHERE g.grantee <> a.owner
        GROUP BY 1, 2, 3, 4
    ) AS grouped
),
'comments', (
    SELECT coalesce(json_agg(json_build_object('kind', kind, 'namespace', namespace, 'name', name, 'part', part, 'text', description)
        ORDER BY kind, namespace, name, part), '[]')
    FROM (
        SELECT 'namespace' AS kind, '' AS namespace, n.nspname::text AS name, NULL::text AS part, d.description
        FROM described d JOIN namespaces n ON n.oid = d.objoid AND d.classoid = 'pg_namespace'::regclass
        UNION ALL SELECT CASE r.relkind WHEN 'S' THEN 'sequence' ELSE 'view' END, r.nspname, r.relname, NULL, d.description
        FROM described d JOIN relations r ON r.oid = d.objoid AND d.classoid = 'pg_class'::regclass AND d.objsubid = 0
        WHERE r.relkind IN ('S', 'v', 'm')
        UNION ALL SELECT 'column', r.nspname, r.relname, a.attname, d.description
        FROM described d JOIN relations r ON r.oid = d.objoid AND d.classoid = 'pg_class'::regclass
        JOIN pg_attribute a ON a.attrelid = r.oid AND a.attnum = d.objsubid
        WHERE r.relkind IN ('v', 'm', 'c')
        UNION ALL SELECT 'index', t.nspname, t.relname, i.relname, d.description
        FROM described d JOIN relations i ON i.oid = d.objoid AND d.classoid = 'pg_class'::regclass
        JOIN pg_index x ON x.indexrelid = i.oid JOIN relations t ON t.oid = x.indrelid
        UNION ALL SELECT CASE t.typtype WHEN 'e' THEN 'enum' WHEN 'd' THEN 'domain' ELSE 'opaque' END, t.nspname, t.typname, NULL,
            d.description
        FROM described d JOIN types t ON t.oid = d.objoid AND d.classoid = 'pg_type'::regclass
        UNION ALL SELECT CASE k.contype WHEN 'p' THEN 'primary_key' WHEN 'u' THEN 'unique_constraint' WHEN 'f' THEN 'foreign_key'
                WHEN 'c' THEN 'check_constraint' ELSE 'exclusion_constraint' END,
            k.nspname, k.relname, k.conname, d.description
        FROM described d JOIN constraints k ON k.oid = d.objoid AND d.classoid = 'pg_constraint'::regclass
        UNION ALL SELECT 'domain', t.nspname, t.typname, k.conname, d.description
        FROM described d JOIN pg_constraint k ON k.oid = d.objoid AND d.classoid = 'pg_constraint'::regclass
        JOIN types t ON t.oid = k.contypid
        UNION ALL SELECT 'policy', r.nspname, r.relname, p.polname, d.description
        FROM described d JOIN pg_policy p ON p.oid = d.objoid AND d.classoid = 'pg_policy'::regclass
        JOIN relations r ON r.oid = p.polrelid
        UNION ALL SELECT 'opaque', coalesce(o.on_namespace, o.namespace), coalesce(o.on_name, o.name),
            CASE WHEN o.on_name IS NOT NULL THEN o.name END, d.description
        FROM described d JOIN opaque o ON o.oid = d.objoid AND d.classoid = o.class WHERE d.objsubid = 0 AND o.kind <> 'type'
        UNION ALL SELECT 'role', '', r.rolname, NULL, d.description
        FROM pg_shdescription d JOIN pg_roles r ON r.oid = d.objoid AND d.classoid = 'pg_authid'::regclass
    ) AS found
    WHERE NOT (kind = 'namespace' AND name = 'public' AND description = 'standard public schema')
)
)::text
