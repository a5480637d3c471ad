//! How alike two names are.

/// Of 100: the letters that two names share in their order, without case and underscores.
pub(super) fn of_names(a: &str, b: &str) -> u8 {
    let letters = |name: &str| -> Vec<char> {
        name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
    };
    let (a, b) = (letters(a), letters(b));
    let longest = a.len() + b.len();
    if longest == 0 {
        return 0;
    }
    u8::try_from(common(&a, &b) * 200 / longest).unwrap_or(100)
}

/// The length of the longest common subsequence. Names have at most 64 characters.
fn common(a: &[char], b: &[char]) -> usize {
    let mut row = vec![0; b.len() + 1];
    for x in a {
        let mut diagonal = 0;
        for (at, y) in b.iter().enumerate() {
            let above = row[at + 1];
            row[at + 1] = if x == y { diagonal + 1 } else { above.max(row[at]) };
            diagonal = above;
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_alike_by_their_letters() {
        let check = |a, b, expected| assert_eq!(of_names(a, b), expected, "{a} {b}");
        check("username", "user_name", 100);
        check("email", "e_mail_address", 58);
        check("title", "name", 22);
        check("a", "b", 0);
        check("", "", 0);
    }
}
