//! What a database knows of its rows: estimates, never counted for us.

use schema::{Map, Name};

/// Of all tables and indexes of a database.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Statistics {
    pub tables: Map<Name, TableStatistics>,
    /// By the table's name and the column's.
    pub columns: Map<(Name, String), ColumnStatistics>,
    /// By the index's full name.
    pub indexes: Map<Name, IndexStatistics>,
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct TableStatistics {
    /// An estimate; None where nobody has counted yet.
    pub rows: Option<u64>,
    /// With indexes and what is stored apart.
    pub bytes: Option<u64>,
    /// When it was last looked at, as the server writes times.
    pub analyzed: Option<String>,
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct ColumnStatistics {
    /// Between 0 and 1.
    pub null_fraction: f64,
    /// How many different values; negative: that share of the rows.
    pub distinct: f64,
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct IndexStatistics {
    /// How often it was used since the server began to count.
    pub scans: u64,
    pub bytes: Option<u64>,
}
