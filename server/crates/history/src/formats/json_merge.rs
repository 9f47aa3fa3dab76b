//! What one side changed in a JSON value, made to the value of another side: how a snapshot comes on top of another branch's.
//!
//! Objects are merged key by key, everything else is one thing: a list of an enum's values has an order that nobody can guess.

use serde_json::{Map, Value};

/// Where both sides changed one thing, and not alike: the keys that lead to it.
pub(super) type Clash = Vec<String>;

/// `onto` with the changes from `base` to `local`; keys that are new come last.
pub(super) fn merge(base: &Value, onto: &Value, local: &Value) -> Result<Value, Clash> {
    merged(Some(base), Some(onto), Some(local), &mut Vec::new()).map(Option::unwrap_or_default)
}

fn merged(
    base: Option<&Value>,
    onto: Option<&Value>,
    local: Option<&Value>,
    path: &mut Vec<String>,
) -> Result<Option<Value>, Clash> {
    if base == local {
        return Ok(onto.cloned());
    }
    if base == onto || onto == local {
        return Ok(local.cloned());
    }
    let (Some(Value::Object(onto)), Some(Value::Object(local))) = (onto, local) else { return Err(path.clone()) };
    let nothing = Map::new();
    let base = match base {
        Some(Value::Object(base)) => base,
        None => &nothing,
        Some(_) => return Err(path.clone()),
    };
    let mut result = Map::new();
    let new = local.keys().filter(|key| !onto.contains_key(*key));
    for key in onto.keys().chain(new) {
        path.push(key.clone());
        if let Some(value) = merged(base.get(key), onto.get(key), local.get(key), path)? {
            result.insert(key.clone(), value);
        }
        path.pop();
    }
    Ok(Some(Value::Object(result)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_both_changed_apart_is_taken_together() {
        let base = json!({ "a": { "x": 1, "y": 2 }, "gone": 1, "list": [1] });
        let onto = json!({ "a": { "x": 3, "y": 2 }, "gone": 1, "list": [1], "n": { "o": 1 } });
        let local = json!({ "a": { "x": 1, "y": 2, "z": 5 }, "list": [1, 2], "n": { "p": 2 } });
        let expected = json!({ "a": { "x": 3, "y": 2, "z": 5 }, "list": [1, 2], "n": { "o": 1, "p": 2 } });
        assert_eq!(merge(&base, &onto, &local), Ok(expected));
    }

    #[test]
    fn one_thing_changed_by_both_is_a_clash() {
        let base = json!({ "t": { "a": { "type": "int" }, "list": [1] } });
        let clash = |onto: Value, local: Value| merge(&base, &onto, &local).unwrap_err().join(".");
        let with = |kind: &str| json!({ "t": { "a": { "type": kind }, "list": [1] } });
        assert_eq!(clash(with("text"), with("bigint")), "t.a.type");
        assert_eq!(clash(json!({}), with("bigint")), "t");
        assert_eq!(clash(json!({ "t": { "list": [1] } }), with("text")), "t.a");
        assert_eq!(merge(&base, &with("text"), &with("text")), Ok(with("text")));
    }
}
