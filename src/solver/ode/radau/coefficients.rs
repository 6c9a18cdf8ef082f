//! The constants of the Radau IIA method with five stages, of order 9, computed with 60 digits by
//! `tests/data/ode_coefficients.py`.
//!
//! The nodes c are the zeros of the fourth derivative of s⁴(s − 1)⁵; A is the matrix of the collocation method
//! with these nodes. Source: E. Hairer, G. Wanner, Solving Ordinary Differential Equations II, sections IV.5
//! and IV.8.

/// The number of stages.
pub(super) const STAGES: usize = 5;

/// The nodes c.
pub(super) const NODES: [f64; 5] = [
    0.057_104_196_114_517_68,
    0.276_843_013_638_123_8,
    0.583_590_432_368_916_8,
    0.860_240_135_656_219_5,
    1.0,
];

/// The real eigenvalue of A⁻¹.
pub(super) const REAL: f64 = 6.286_704_751_729_276_5;

/// Real and imaginary parts of the complex pairs α ± jβ of eigenvalues of A⁻¹.
pub(super) const PAIRS: [(f64, f64); 2] =
    [(5.700_953_298_671_79, 3.210_265_600_308_549_7), (3.655_694_325_463_572, 6.543_736_899_360_077)];

/// The matrix T with T⁻¹A⁻¹T block diagonal: the real eigenvalue, then blocks [[α, β], [−β, α]].
pub(super) const T: [[f64; 5]; 5] = [
    [
        0.013_576_867_344_947_943,
        -0.011_478_515_255_229_515,
        0.014_019_858_892_875_41,
        -0.010_242_047_817_908_826,
        -0.047_673_877_290_295_72,
    ],
    [
        0.001_617_900_401_719_087_5,
        -0.007_668_830_749_180_163,
        -0.024_708_578_426_518_527,
        0.050_172_864_517_371_06,
        0.094_331_819_181_611_43,
    ],
    [
        0.079_157_853_347_447_21,
        0.019_398_463_998_828_95,
        -0.081_800_353_703_751_17,
        -0.230_539_534_043_417_95,
        -0.102_703_045_380_125_9,
    ],
    [
        0.412_256_082_680_461_43,
        0.407_601_171_280_199_07,
        -0.199_682_427_886_802_52,
        0.377_893_902_248_861_27,
        -0.466_744_130_332_494_34,
    ],
    [1.0, 1.0, 0.0, 1.0, 0.0],
];

/// T⁻¹.
pub(super) const T_INVERSE: [[f64; 5]; 5] = [
    [
        27.697_693_775_684_087,
        12.783_337_911_304_406,
        3.208_489_386_713_43,
        -0.951_490_412_248_916_2,
        0.741_550_496_025_989_7,
    ],
    [
        -33.041_880_213_519,
        -17.376_953_479_063_566,
        -0.172_129_063_254_005_57,
        -0.099_169_777_982_542_65,
        0.531_228_115_838_306_6,
    ],
    [
        8.611_443_979_875_292,
        -9.699_991_409_528_808,
        -1.914_728_639_696_874_3,
        -2.418_692_006_084_94,
        1.047_463_487_935_337_5,
    ],
    [
        5.344_186_437_834_912,
        4.593_615_567_759_161,
        -3.036_360_323_459_424_3,
        1.050_660_190_231_459,
        -0.272_778_611_864_296_25,
    ],
    [
        -3.748_059_807_439_805,
        3.984_965_736_343_885,
        1.044_415_641_608_018_8,
        -1.184_098_568_137_948_6,
        0.449_917_770_156_780_36,
    ],
];

/// Weights of the stages in the error estimate: μ(b̂ − b)ᵀA⁻¹ for the embedded formula of order 5 that gives
/// the rate at the start of the step the weight 1/μ, where μ is [`REAL`].
pub(super) const ERROR: [f64; 5] =
    [-27.780_933_944_064_64, 3.641_478_498_049_213, -1.252_547_721_169_118_7, 0.592_003_167_184_542_8, -0.2];

/// Coefficients 2 to 5 of the nested form of the collocation polynomial, from the stages.
pub(super) const DENSE: [[f64; 5]; 4] = [
    [27.780_933_944_064_64, -3.641_478_498_049_213, 1.252_547_721_169_118_7, -0.592_003_167_184_542_8, -0.8],
    [-36.193_358_167_658_93, 10.611_734_614_705_874, -10.029_661_925_319_592, 18.811_285_478_272_644, -11.2],
    [-144.053_565_189_177_76, 63.630_162_942_362_74, -17.885_204_671_340_986, -5.291_393_081_843_982, 5.6],
    [199.887_395_423_477_36, -127.022_853_068_795, 92.102_833_136_133_21, -64.167_375_490_815_59, 25.2],
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_two_transformations_are_inverse() {
        for (m, row) in T.iter().enumerate() {
            for n in 0..STAGES {
                let entry: f64 = row.iter().zip(&T_INVERSE).map(|(t, inverse)| t * inverse[n]).sum();
                let expected = if m == n { 1.0 } else { 0.0 };
                assert!((entry - expected).abs() < 1e-13, "{m} {n}: {entry}");
            }
        }
    }

    /// A⁻¹ maps the values of sⁿ at the nodes to those of its derivative.
    #[test]
    fn the_transformed_matrix_differentiates_powers() {
        let power = |node: f64, n: usize| (0..n).fold(1.0, |power, _| power * node);
        for n in 1..=STAGES {
            let w = T_INVERSE.map(|row| -> f64 { (0..STAGES).map(|k| row[k] * power(NODES[k], n)).sum() });
            let [(a, b), (c, d)] = PAIRS;
            let image = [
                REAL * w[0],
                a * w[1] + b * w[2],
                a * w[2] - b * w[1],
                c * w[3] + d * w[4],
                c * w[4] - d * w[3],
            ];
            for (row, node) in T.iter().zip(NODES) {
                let derivative: f64 = row.iter().zip(&image).map(|(t, value)| t * value).sum();
                let expected = n as f64 * power(node, n - 1);
                assert!((derivative - expected).abs() < 1e-12, "{n}: {derivative} is not {expected}");
            }
        }
    }

    /// The embedded formula integrates y' = 1, …, sⁿ⁻¹ as exactly as the method.
    #[test]
    fn the_error_estimate_vanishes_for_polynomials_of_degree_5() {
        for n in 1..=STAGES {
            let power = |node: f64| (0..n).fold(1.0, |power, _| power * node);
            let weighted: f64 = ERROR.iter().zip(NODES).map(|(weight, node)| weight * power(node)).sum();
            let rate_at_start = if n == 1 { 1.0 } else { 0.0 };
            assert!((rate_at_start + weighted).abs() < 1e-13, "{n}: {weighted}");
        }
    }
}
