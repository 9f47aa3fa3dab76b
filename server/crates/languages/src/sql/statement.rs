//! Our own SQL statements: what a front end makes of a text, and the interpreter works on. Nothing of a parser's own tree leaves its
//! front end, so that a parser can be replaced.
//!
//! Names are folded as the database folds them (`Users` is `users` on PostgreSQL unless quoted; SQLite keeps the case), and carry
//! the place where they stand. Spans are byte offsets into the whole file.

use std::sync::Arc;

use schema::{Deferral, Definition, Firing, ForeignKeyAction, OpaqueKind};
use source::Span;

/// One name as written: a column's, a constraint's, the last or first part of an object's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ident {
    pub text: String,
    /// The quotes included.
    pub span: Span,
}

/// An object's name, with its namespace where it is written. A database before it is left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QName {
    pub namespace: Option<Ident>,
    pub name: Ident,
}

impl QName {
    /// From the first character to the last.
    pub fn span(&self) -> Span {
        self.namespace.as_ref().map_or(self.name.span, |namespace| namespace.span.cover(self.name.span))
    }
}

/// A piece of SQL as written: an expression without the parentheses that its clause demands, a query, a type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Snippet {
    pub text: String,
    pub span: Span,
}

/// A type as written. `name` is there unless the type is one that SQL spells in words of its own (`double precision`); never on
/// SQLite, where types are no objects.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TypeName {
    /// With length, precision and array suffix. Of a type that starts with a quoted word, SQLite keeps this word without its quotes.
    pub text: String,
    pub span: Span,
    /// The element type's name, folded, without length and array suffix.
    pub name: Option<QName>,
}

/// A statement and its place, from its first word to its last; the semicolon and comments around it are left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statement {
    pub span: Span,
    pub kind: Kind,
}

/// What a statement does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Nothing that a schema holds: data, queries, maintenance, owners, settings other than the search path.
    Nothing,
    /// BEGIN, COMMIT, ROLLBACK, SAVEPOINT and the like.
    Transaction(Transaction),
    /// `SET [LOCAL] search_path`, also through `set_config`; None for DEFAULT. Namespaces in their order.
    SetSearchPath(Option<Vec<String>>),
    CreateNamespace {
        name: Ident,
        if_not_exists: bool,
        elements: Vec<Statement>,
    },
    CreateTable(Box<CreateTable>),
    /// `CREATE TABLE … AS`, `SELECT … INTO`: only the name is known, and the columns' names where they are listed.
    CreateTableAs {
        name: QName,
        if_not_exists: bool,
        temporary: bool,
        columns: Vec<Ident>,
    },
    /// A virtual table of SQLite.
    CreateVirtualTable {
        name: QName,
        if_not_exists: bool,
    },
    /// ALTER TABLE, INDEX, VIEW, MATERIALIZED VIEW, SEQUENCE and FOREIGN TABLE share their forms, and PostgreSQL lets one stand for another.
    AlterRelation {
        /// `ONLY`: children are left alone.
        only: bool,
        relation: Relation,
        name: QName,
        if_exists: bool,
        actions: Vec<AlterAction>,
    },
    CreateIndex(Box<CreateIndex>),
    CreateEnum {
        name: QName,
        values: Vec<Ident>,
    },
    /// `ALTER TYPE … ADD VALUE`.
    AddEnumValue {
        name: QName,
        value: Ident,
        if_not_exists: bool,
        place: EnumPlace,
    },
    RenameEnumValue {
        name: QName,
        from: Ident,
        to: Ident,
    },
    CreateDomain(Box<CreateDomain>),
    AlterDomain {
        name: QName,
        action: AlterDomain,
    },
    CreateSequence {
        name: QName,
        if_not_exists: bool,
        temporary: bool,
        options: Vec<SequenceOption>,
    },
    AlterSequence {
        name: QName,
        if_exists: bool,
        options: Vec<SequenceOption>,
    },
    CreateView(Box<CreateView>),
    CreatePolicy(Box<CreatePolicy>),
    AlterPolicy(Box<AlterPolicy>),
    /// CREATE ROLE, USER, GROUP.
    CreateRole {
        name: Ident,
        options: RoleOptions,
    },
    AlterRole {
        name: Ident,
        options: RoleOptions,
    },
    CreateExtension {
        name: Ident,
        if_not_exists: bool,
        namespace: Option<Ident>,
    },
    CreateOpaque(Box<CreateOpaque>),
    /// `ALTER FUNCTION` and `ALTER PROCEDURE` with these options.
    AlterRoutine {
        object: Target,
        kind: OpaqueKind,
        options: String,
    },
    Drop(Drop),
    /// `ALTER … RENAME TO`, for what `AlterRelation` does not cover.
    Rename {
        object: Target,
        to: Ident,
    },
    /// `ALTER … SET SCHEMA`, for what `AlterRelation` does not cover.
    SetNamespace {
        object: Target,
        to: Ident,
    },
    Grant(Box<Privileges>),
    Revoke {
        privileges: Box<Privileges>,
        cascade: bool,
    },
    /// `COMMENT ON`; None takes the comment away.
    Comment {
        object: Target,
        text: Option<String>,
    },
    Do(Do),
    /// `PRAGMA`, in lower case: read for nothing but the rebuild of tables, which needs no help.
    Pragma {
        name: String,
    },
    /// A line for psql or the sqlite3 shell, such as `\connect` or `.mode`: skipped, with a note.
    Psql {
        command: String,
    },
    /// The body of COPY … FROM stdin, or what else no schema needs.
    CopyData,
    Unreadable(Unreadable),
}

/// The transaction statements.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Transaction {
    Begin,
    Commit,
    Rollback,
    /// Savepoints, SET TRANSACTION, PREPARE TRANSACTION and the like.
    Other,
}

/// Relations that `ALTER … name` is written for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Relation {
    Table,
    Index,
    View,
    MaterializedView,
    Sequence,
    ForeignTable,
    /// `ALTER TYPE`: composite types have attributes.
    CompositeType,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CreateTable {
    pub name: Option<QName>,
    pub if_not_exists: bool,
    pub temporary: bool,
    pub unlogged: bool,
    /// `CREATE FOREIGN TABLE`.
    pub foreign: bool,
    /// Columns, constraints and LIKE in the order of the text.
    pub elements: Vec<TableElement>,
    pub inherits: Vec<QName>,
    /// The strategy and the key as written: `range (created_at)`.
    pub partition_by: Option<Snippet>,
    /// The parent and the bound as written: `FOR VALUES IN ('a')` or `DEFAULT`.
    pub partition_of: Option<(QName, Snippet)>,
    /// `WITH (fillfactor = 70)`: names folded, values as written. On SQLite `strict` and `without rowid`
    /// (libSQL: `random rowid`) with the value `true`.
    pub options: Vec<(String, String)>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TableElement {
    Column(ColumnDef),
    Constraint(TableConstraint),
    Like { table: QName, including: LikeOptions },
}

/// What LIKE copies besides names, types and NOT NULL.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LikeOptions {
    pub comments: bool,
    pub constraints: bool,
    pub defaults: bool,
    pub generated: bool,
    pub identity: bool,
    pub indexes: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ColumnDef {
    pub name: Ident,
    /// The whole definition.
    pub span: Span,
    /// None on SQLite where no type is written, and for a column of a partition or a typed table that only adds constraints.
    pub type_name: Option<TypeName>,
    /// As written, quotes taken away where they change nothing: `"C"`, `nocase`, `pg_catalog."default"`.
    pub collation: Option<String>,
    pub constraints: Vec<ColumnConstraint>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ColumnConstraint {
    /// `CONSTRAINT name`.
    pub name: Option<Ident>,
    pub span: Span,
    pub kind: ColumnConstraintKind,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ColumnConstraintKind {
    NotNull,
    Null,
    Default(Snippet),
    Check {
        expression: Snippet,
        no_inherit: bool,
    },
    PrimaryKey {
        autoincrement: bool,
        deferral: Deferral,
    },
    Unique {
        nulls_not_distinct: bool,
        deferral: Deferral,
    },
    References(Box<References>),
    /// `GENERATED ALWAYS AS (…)`; SQLite's `AS (…)` is VIRTUAL unless said otherwise, PostgreSQL 18's too.
    Generated {
        expression: Snippet,
        stored: bool,
    },
    Identity {
        always: bool,
        options: Vec<SequenceOption>,
    },
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct References {
    pub table: QName,
    /// Empty where the primary key is meant.
    pub columns: Vec<Ident>,
    pub on_delete: ForeignKeyAction,
    pub on_update: ForeignKeyAction,
    pub match_full: bool,
    pub deferral: Deferral,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TableConstraint {
    /// `CONSTRAINT name`.
    pub name: Option<Ident>,
    pub span: Span,
    pub kind: TableConstraintKind,
    pub deferral: Deferral,
    pub not_valid: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TableConstraintKind {
    PrimaryKey {
        columns: Vec<Ident>,
        include: Vec<Ident>,
    },
    Unique {
        columns: Vec<Ident>,
        include: Vec<Ident>,
        nulls_not_distinct: bool,
    },
    /// `PRIMARY KEY USING INDEX i` and `UNIQUE USING INDEX i`.
    UsingIndex {
        index: Ident,
        is_primary: bool,
    },
    ForeignKey {
        columns: Vec<Ident>,
        references: Box<References>,
    },
    Check {
        expression: Snippet,
        no_inherit: bool,
    },
    /// All behind the word EXCLUDE.
    Exclude {
        definition: Snippet,
    },
    /// `NOT NULL c`, a table constraint since PostgreSQL 18.
    NotNull {
        column: Ident,
    },
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AlterAction {
    AddColumn {
        column: Box<ColumnDef>,
        if_not_exists: bool,
    },
    DropColumn {
        name: Ident,
        if_exists: bool,
        cascade: bool,
    },
    AlterColumn {
        name: Ident,
        action: AlterColumn,
    },
    /// libSQL's `ALTER COLUMN c TO c type …`: the whole definition is replaced.
    ReplaceColumn {
        name: Ident,
        column: Box<ColumnDef>,
    },
    RenameColumn {
        from: Ident,
        to: Ident,
    },
    AddConstraint(Box<TableConstraint>),
    /// `ALTER CONSTRAINT c DEFERRABLE …`.
    AlterConstraint {
        name: Ident,
        deferral: Deferral,
    },
    DropConstraint {
        name: Ident,
        if_exists: bool,
        cascade: bool,
    },
    RenameConstraint {
        from: Ident,
        to: Ident,
    },
    ValidateConstraint {
        name: Ident,
    },
    RenameTo {
        to: Ident,
    },
    SetNamespace {
        to: Ident,
    },
    RowLevelSecurity {
        enabled: bool,
    },
    ForceRowLevelSecurity {
        forced: bool,
    },
    /// `ATTACH PARTITION p FOR VALUES …`; of an index without a bound.
    AttachPartition {
        partition: QName,
        bound: Option<Snippet>,
    },
    DetachPartition {
        partition: QName,
    },
    Inherit {
        parent: QName,
    },
    NoInherit {
        parent: QName,
    },
    SetLogged {
        logged: bool,
    },
    /// `SET (…)`: names folded, values as written.
    SetOptions(Vec<(String, String)>),
    ResetOptions(Vec<String>),
    SetTablespace {
        tablespace: Ident,
    },
    SetAccessMethod {
        method: Ident,
    },
    /// `ENABLE TRIGGER` and `DISABLE TRIGGER`; None for all.
    SetFiring {
        trigger: Option<Ident>,
        firing: Firing,
    },
    /// Changes nothing that is compared: OWNER TO, CLUSTER, REPLICA IDENTITY …
    Nothing,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AlterColumn {
    SetType {
        type_name: TypeName,
        collation: Option<String>,
        using: Option<Snippet>,
    },
    SetDefault(Snippet),
    DropDefault,
    SetNotNull,
    DropNotNull,
    SetExpression(Snippet),
    DropExpression {
        if_exists: bool,
    },
    AddIdentity {
        always: bool,
        options: Vec<SequenceOption>,
    },
    /// `SET GENERATED ALWAYS` (None where it is not said), `SET INCREMENT …`.
    SetIdentity {
        always: Option<bool>,
        options: Vec<SequenceOption>,
    },
    DropIdentity {
        if_exists: bool,
    },
    /// SET STATISTICS, STORAGE, COMPRESSION, (n_distinct = …).
    Nothing,
}

/// Numbers in decimal as written, with their sign.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SequenceOption {
    /// `AS integer`.
    As(TypeName),
    Increment(String),
    /// None for NO MINVALUE.
    MinValue(Option<String>),
    /// None for NO MAXVALUE.
    MaxValue(Option<String>),
    Start(String),
    /// None where no number is said.
    Restart(Option<String>),
    Cache(String),
    Cycle(bool),
    /// None for OWNED BY NONE; else a table and its column.
    OwnedBy(Option<(QName, Ident)>),
    /// `SEQUENCE NAME s`, of an identity column.
    SequenceName(QName),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CreateIndex {
    /// `ON ONLY`: partitions get no index.
    pub only: bool,
    /// None where the database names it.
    pub name: Option<Ident>,
    /// Written before the name on SQLite only; on PostgreSQL an index is where its table is.
    pub namespace: Option<Ident>,
    pub table: QName,
    pub unique: bool,
    pub concurrently: bool,
    pub if_not_exists: bool,
    /// Folded; None where it is not said.
    pub method: Option<String>,
    pub keys: Vec<IndexKeyDef>,
    pub include: Vec<Ident>,
    pub nulls_not_distinct: bool,
    pub predicate: Option<Snippet>,
    pub options: Vec<(String, String)>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IndexKeyDef {
    pub key: IndexKeyKind,
    pub collation: Option<String>,
    /// As written, without options.
    pub opclass: Option<String>,
    pub descending: bool,
    /// None where it is not said.
    pub nulls_first: Option<bool>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum IndexKeyKind {
    Column(Ident),
    Expression(Snippet),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EnumPlace {
    Last,
    Before(Ident),
    After(Ident),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CreateDomain {
    pub name: QName,
    pub type_name: TypeName,
    pub constraints: Vec<DomainConstraint>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DomainConstraint {
    pub name: Option<Ident>,
    pub kind: DomainConstraintKind,
    pub not_valid: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DomainConstraintKind {
    NotNull,
    Null,
    Check(Snippet),
    Default(Snippet),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AlterDomain {
    SetDefault(Snippet),
    DropDefault,
    SetNotNull,
    DropNotNull,
    AddConstraint(DomainConstraint),
    DropConstraint { name: Ident, if_exists: bool },
    RenameConstraint { from: Ident, to: Ident },
    ValidateConstraint { name: Ident },
    Nothing,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CreateView {
    pub name: QName,
    pub or_replace: bool,
    pub if_not_exists: bool,
    pub temporary: bool,
    pub materialized: bool,
    pub recursive: bool,
    /// The names listed behind the view's.
    pub columns: Vec<Ident>,
    /// The query as written, parentheses around the whole of it taken away.
    pub query: Snippet,
    pub options: Vec<(String, String)>,
    /// `WITH LOCAL CHECK OPTION`, `WITH CASCADED CHECK OPTION`: `local` or `cascaded`.
    pub check_option: Option<String>,
    /// `USING method` of a materialized view.
    pub method: Option<String>,
    pub tablespace: Option<String>,
    pub with_no_data: bool,
    /// Relations that the query names behind FROM and JOIN, common table expressions left out.
    pub reads: Vec<QName>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CreatePolicy {
    pub name: Ident,
    pub table: QName,
    pub permissive: bool,
    /// `ALL` where it is not said; in upper case.
    pub command: String,
    /// `public` where it is not said; `current_user` and the like in lower case.
    pub to: Vec<String>,
    pub using: Option<Snippet>,
    pub with_check: Option<Snippet>,
}

/// None for what stays.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AlterPolicy {
    pub name: Ident,
    pub table: QName,
    pub rename_to: Option<Ident>,
    pub to: Option<Vec<String>>,
    pub using: Option<Snippet>,
    pub with_check: Option<Snippet>,
}

/// None for what is not said.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RoleOptions {
    pub create_db: Option<bool>,
    pub create_role: Option<bool>,
    pub inherit: Option<bool>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CreateOpaque {
    /// The function that a trigger calls.
    pub calls: Option<QName>,
    pub kind: OpaqueKind,
    /// For a function and its like `name.text` is the bare name; see `signature`.
    pub name: QName,
    /// The argument types of a function, procedure or aggregate as written, separated by commas; None where none are written.
    pub signature: Option<String>,
    /// The table of a trigger or rule.
    pub on: Option<QName>,
    /// Of functions, procedures and triggers, where it is understood.
    pub definition: Option<Arc<Definition>>,
    pub or_replace: bool,
    pub if_not_exists: bool,
}

/// Objects by class, for statements that are alike for all of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Class {
    Namespace,
    Table,
    /// The part `part` of a table, view or composite type.
    Column,
    Constraint,
    DomainConstraint,
    Index,
    View,
    MaterializedView,
    Sequence,
    /// `TYPE`: an enum, a domain, a composite or another type.
    Type,
    Domain,
    Policy,
    Role,
    Extension,
    Opaque(OpaqueKind),
}

/// An object that a statement names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    pub class: Class,
    /// The table for a column, constraint, policy, trigger or rule; else the object itself. SQLite drops a trigger without naming
    /// its table: `name` is the trigger, `part` is None.
    pub name: QName,
    /// The column, constraint, policy, trigger or rule.
    pub part: Option<Ident>,
    /// Argument types of a function, as written.
    pub signature: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Drop {
    pub objects: Vec<Target>,
    pub if_exists: bool,
    pub cascade: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Privileges {
    /// In upper case; `ALL` for all. Role membership (`GRANT a TO b`) and column privileges are `Kind::Nothing`.
    pub privileges: Vec<String>,
    pub on: Vec<Target>,
    /// `ALL TABLES IN SCHEMA …`: the class and the namespaces.
    pub all_in: Option<(Class, Vec<Ident>)>,
    /// Role names; `public` for everybody.
    pub roles: Vec<String>,
    /// `WITH GRANT OPTION`; in REVOKE `GRANT OPTION FOR`.
    pub grant_option: bool,
}

/// A `DO` block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Do {
    /// The statements that the block guards (`EXCEPTION WHEN duplicate_object THEN null`, `IF NOT EXISTS (…) THEN … END IF`) or simply
    /// holds: they take effect unless they contradict what is there.
    pub statements: Vec<Statement>,
    /// True where the block has logic that cannot be told (loops, variables, EXECUTE of a made text): `names` become opaque.
    pub is_opaque: bool,
    /// What an opaque block names in its statements, as far as can be seen.
    pub names: Vec<QName>,
}

/// A statement that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unreadable {
    /// What is wrong, without a final full stop: `expected a column name`.
    pub message: String,
    /// Where reading stopped.
    pub at: Span,
    /// What it names, as far as can be seen.
    pub names: Vec<QName>,
}
