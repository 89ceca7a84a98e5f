# SPDX-License-Identifier: BSL-1.0
# Headers, targets (one export set a part), lastbitConfig.cmake with its version file, and the licence.
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

set(lastbit_config_dir "${CMAKE_INSTALL_DATADIR}/cmake/lastbit")

foreach(part IN ITEMS core ${lastbit_parts})
    install(
        TARGETS lastbit_${part}
        EXPORT lastbit-${part}
        FILE_SET HEADERS DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}" COMPONENT lastbit
    )
    install(
        EXPORT lastbit-${part}
        NAMESPACE lastbit::
        DESTINATION "${lastbit_config_dir}"
        COMPONENT lastbit
    )
endforeach()

configure_package_config_file(
    cmake/lastbitConfig.cmake.in "${CMAKE_CURRENT_BINARY_DIR}/lastbitConfig.cmake"
    INSTALL_DESTINATION "${lastbit_config_dir}"
    NO_SET_AND_CHECK_MACRO NO_CHECK_REQUIRED_COMPONENTS_MACRO
)
# 0.x: a minor version may break what the one before it had.
write_basic_package_version_file(
    "${CMAKE_CURRENT_BINARY_DIR}/lastbitConfigVersion.cmake" COMPATIBILITY SameMinorVersion ARCH_INDEPENDENT
)
install(
    FILES "${CMAKE_CURRENT_BINARY_DIR}/lastbitConfig.cmake" "${CMAKE_CURRENT_BINARY_DIR}/lastbitConfigVersion.cmake"
          cmake/lastbitParts.cmake cmake/FindLibZip.cmake
    DESTINATION "${lastbit_config_dir}"
    COMPONENT lastbit
)
install(FILES LICENSE DESTINATION "${CMAKE_INSTALL_DOCDIR}" COMPONENT lastbit)
