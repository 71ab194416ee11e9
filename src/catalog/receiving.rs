//! Who receives the allowance in a month: the one rule, for queries that ask for households of
//! a scope. Two go through all decisions at once and have it in a form of their own: the
//! comparison with rosters and banks (`payments/three.rs`), and for how long decisions held
//! (`statistics/figures/decisions.rs`).

/// Households `h` of the scope and organisation that begin with `$1` and `$2`, and the
/// decision `b` by which they receive the allowance in the month `$month`: the one made last of
/// those from then or earlier, where it gives something and is no phase-out that was over
/// before. So a decision takes the place of all that were to begin with its first month or
/// later. To be followed by further conditions.
macro_rules! receiving {
    ($month:literal) => {
        concat!(
            "household h JOIN benefit b ON b.entry = (
                SELECT d.entry FROM benefit d WHERE d.household = h.no AND d.from_month <= ",
            $month,
            " ORDER BY d.entry DESC LIMIT 1)
             WHERE h.organisation LIKE $1 AND h.organisation LIKE $2 AND b.amount > 0
               AND (b.until_month = '' OR b.until_month >= ",
            $month,
            ")"
        )
    };
}

pub(super) use receiving;
