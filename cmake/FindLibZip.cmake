# SPDX-License-Identifier: BSL-1.0
# Finds libzip: LibZip_FOUND and the target LibZip::LibZip.
#
# libzip's own libzip-config.cmake is not used: as Debian packages it, it stops the configuration unless three command
# line tools from other packages are installed.
find_path(LibZip_INCLUDE_DIR NAMES zip.h)
find_library(LibZip_LIBRARY NAMES zip)
mark_as_advanced(LibZip_INCLUDE_DIR LibZip_LIBRARY)

include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(LibZip REQUIRED_VARS LibZip_LIBRARY LibZip_INCLUDE_DIR)

if(LibZip_FOUND AND NOT TARGET LibZip::LibZip)
    add_library(LibZip::LibZip UNKNOWN IMPORTED)
    set_target_properties(
        LibZip::LibZip PROPERTIES IMPORTED_LOCATION "${LibZip_LIBRARY}" INTERFACE_INCLUDE_DIRECTORIES
                                                                        "${LibZip_INCLUDE_DIR}"
    )
endif()
