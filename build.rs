//! Makes the service's Rust types and its descriptors (for reflection) from `proto/`, without `protoc`.

use std::error::Error;
use std::path::PathBuf;

const ROOT: &str = "proto";
const FILE: &str = "siglato/v1/siglato.proto";

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo:rerun-if-changed={ROOT}");
    let mut compiler = protox::Compiler::new([ROOT])?;
    compiler.include_source_info(true).include_imports(true).open_file(FILE)?;
    let out = PathBuf::from(std::env::var_os("OUT_DIR").ok_or("cargo sets no OUT_DIR")?);
    std::fs::write(out.join("siglato.bin"), compiler.encode_file_descriptor_set())?;
    tonic_prost_build::configure().compile_fds(compiler.file_descriptor_set())?;
    Ok(())
}
